import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bucketer } from './bucketer.ts';
import { MINUTE, QUARTER, spansOf } from './steps.ts';
import { DOUBT, type Column, type Table } from './table.ts';

function tableOf(
  rows: readonly (readonly [time: number, value: number])[],
  more: [string, Column][] = [],
): Table {
  const value = Float64Array.from(rows, ([, each]) => each);
  return {
    times: Float64Array.from(rows, ([time]) => time),
    columns: new Map<string, Column>([['v', { kind: 'gauge', divisor: 1000, value }], ...more]),
  };
}

function bucketed(length: number, ...tables: readonly Table[]): Table {
  const bucketer = new Bucketer(spansOf(length));
  for (const table of tables) bucketer.add(table);
  return bucketer.table();
}

const column = (table: Table, name = 'v'): Column | undefined => table.columns.get(name);

test('a minute has the mean, the extremes, the last value and the number of its readings', () => {
  const table = bucketed(
    MINUTE,
    tableOf([
      [0, 1],
      [10_000, 4],
      [59_999, 1],
      [60_000, 9],
    ]),
  );
  expect([...table.times]).toEqual([0, 60_000]);
  expect([...(table.counts ?? [])]).toEqual([3, 1]);
  expect(column(table)).toMatchObject({
    value: Float64Array.of(2, 9),
    min: Float64Array.of(1, 9),
    max: Float64Array.of(4, 9),
    last: Float64Array.of(1, 9),
  });
});

test('a minute without readings has no row, one without a value has none of it', () => {
  const table = bucketed(
    MINUTE,
    tableOf([
      [0, 1],
      [180_000, NaN],
    ]),
  );
  expect([...table.times]).toEqual([0, 180_000]);
  expect(column(table)?.value).toEqual(Float64Array.of(1, NaN));
});

test('a suspicious reading is in no extreme and no mean, and is not counted', () => {
  const doubt: Column = { kind: 'text', divisor: 1, words: ['step'], value: Float64Array.of(NaN, 0, NaN, 0) };
  const rows = [
    [0, 3],
    [1, 99],
    [2, 5],
    [60_000, 99],
  ] as const;
  const table = bucketed(MINUTE, tableOf(rows, [[DOUBT, doubt]]));
  expect([...table.times]).toEqual([0]);
  expect([...(table.counts ?? [])]).toEqual([2]);
  expect(column(table)).toMatchObject({ value: Float64Array.of(4), max: Float64Array.of(5) });
  expect(column(table, DOUBT)).toBeUndefined();
});

test('of a counter the last value counts, of alarms all that there were', () => {
  const counter: Column = { kind: 'counter', divisor: 1, value: Float64Array.of(7, 8) };
  const alarms: Column = { kind: 'set', divisor: 1, words: ['b', 'a,c'], value: Float64Array.of(0, 1) };
  const table = bucketed(
    MINUTE,
    tableOf(
      [
        [5, 0],
        [3, 0],
      ],
      [
        ['n', counter],
        ['alarms', alarms],
      ],
    ),
  );
  expect(column(table, 'n')?.value).toEqual(Float64Array.of(7));
  expect(column(table, 'alarms')).toMatchObject({ words: ['a,b,c'], value: Float64Array.of(0) });
});

test('quarters of an hour made of minutes are those made of readings', () => {
  const reading = fc.tuple(fc.nat(3_600_000), fc.integer({ min: -9, max: 9 }));
  fc.assert(
    fc.property(fc.array(reading, { minLength: 1, maxLength: 100 }), fc.nat(100), (rows, cut) => {
      const table = tableOf(rows);
      const minutes = bucketed(MINUTE, tableOf(rows.slice(0, cut)), tableOf(rows.slice(cut)));
      const [one, two] = [bucketed(QUARTER, table), bucketed(QUARTER, minutes)];
      expect(two.times).toEqual(one.times);
      expect(two.counts).toEqual(one.counts);
      expect(column(two)?.min).toEqual(column(one)?.min);
      expect(column(two)?.max).toEqual(column(one)?.max);
      for (const [row, mean] of column(one)?.value.entries() ?? [])
        expect(column(two)?.value[row]).toBeCloseTo(mean, 2);
    }),
  );
});
