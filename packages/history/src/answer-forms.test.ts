import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { answerJson, tableCsv } from './answer-forms.ts';
import { tableParquet } from './parquet.ts';
import type { Column, Table } from './table.ts';

const table: Table = {
  times: Float64Array.of(Date.UTC(2026, 10, 29), Date.UTC(2026, 10, 29, 1)),
  counts: Float64Array.of(120, 60),
  columns: new Map<string, Column>([
    [
      'battery_current',
      {
        kind: 'gauge',
        divisor: 1000,
        value: Float64Array.of(1.5, NaN),
        min: Float64Array.of(-1, NaN),
        max: Float64Array.of(2, NaN),
      },
    ],
    ['bank_warnings', { kind: 'text', divisor: 1, words: ['=1+1, "x"'], value: Float64Array.of(NaN, 0) }],
  ]),
};

test('for programs, what is absent is null, and every column has its label and unit', () => {
  expect(answerJson({ table, step: 3_600_000, doubtful: table, damaged: [] })).toEqual({
    step: 3_600_000,
    times: [1_795_910_400_000, 1_795_914_000_000],
    counts: [120, 60],
    columns: {
      battery_current: {
        label: 'Battery current',
        unit: 'A',
        kind: 'gauge',
        value: [1.5, null],
        min: [-1, null],
        max: [2, null],
      },
      bank_warnings: { label: 'Warnings', unit: null, kind: 'text', value: [null, '=1+1, "x"'] },
    },
  });
});

test('CSV escapes texts that look like formulas, and quotes are doubled', () => {
  expect(tableCsv(table)).toBe(
    'time,battery_current,battery_current_min,battery_current_max,bank_warnings\r\n' +
      '2026-11-29T00:00:00.000Z,1.5,-1,2,\r\n' +
      `2026-11-29T01:00:00.000Z,,,,"'=1+1, ""x"""\r\n`,
  );
});

test('Parquet has the same', async () => {
  const file = (await tableParquet(table)).slice().buffer;
  expect(await parquetReadObjects({ file })).toEqual([
    {
      time: new Date('2026-11-29T00:00:00Z'),
      battery_current: 1.5,
      battery_current_min: -1,
      battery_current_max: 2,
      bank_warnings: null,
    },
    {
      time: new Date('2026-11-29T01:00:00Z'),
      battery_current: null,
      battery_current_min: null,
      battery_current_max: null,
      bank_warnings: '=1+1, "x"',
    },
  ]);
});
