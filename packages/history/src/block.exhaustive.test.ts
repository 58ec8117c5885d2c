import { times } from '@ubmsc/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBlock, encodeBlock, readBlocks } from './block.ts';
import type { Column, Table } from './table.ts';

const table = (start: number, rows = 50): Table => ({
  times: Float64Array.from({ length: rows }, (_, row) => start + 500 * row),
  columns: new Map<string, Column>([
    ['cell_voltage_0', gauge(rows, (row) => 3.3 + (row % 7) / 1000)],
    ['battery_current', gauge(rows, (row) => (row % 5 === 0 ? NaN : -row * 1.5))],
    [
      'alarms',
      { kind: 'set', divisor: 1, words: ['', 'cell_under_voltage'], value: new Float64Array(rows).fill(1) },
    ],
  ]),
});

function gauge(rows: number, of: (row: number) => number): Column {
  const value = Float64Array.from({ length: rows }, (_, row) => Math.round(of(row) * 1000) / 1000);
  return { kind: 'gauge', divisor: 1000, value };
}

const all = (): boolean => true;
const blocks = [0, 1, 2].map((index) =>
  encodeBlock(table(1_800_000_000_000 + index * 60_000), { generations: [index, index] }),
);
const file = Buffer.concat(blocks);

/** The tables of the blocks of a file, by their generation. */
function tablesIn(bytes: Buffer): Map<number, Table | undefined> {
  return new Map(
    readBlocks(bytes).blocks.map((block) => [block.header.generations[0], decodeBlock(block, all).table]),
  );
}

test('blocks are read as they were written, and columns that nobody asked for are not decoded', () => {
  const read = tablesIn(file);
  expect([...read.keys()]).toEqual([0, 1, 2]);
  expect(read.get(1)).toEqual({ ...table(1_800_000_060_000), counts: undefined });
  const [first] = readBlocks(file).blocks;
  const one = first && decodeBlock(first, (name) => name === 'battery_current').table;
  expect([...(one?.columns.keys() ?? [])]).toEqual(['battery_current']);
});

test('a torn end costs the last block alone', () => {
  fc.assert(
    fc.property(fc.nat(file.length), (length) => {
      const torn = file.subarray(0, length);
      const whole = blocks.map((_, index) => Buffer.concat(blocks.slice(0, index + 1)).length);
      const { blocks: read, damage, end } = readBlocks(torn);
      const count = whole.filter((each) => each <= length).length;
      expect(read).toHaveLength(count);
      expect(end).toBe(whole[count - 1] ?? 0);
      expect(damage.length).toBe(length > end ? 1 : 0);
    }),
  );
});

test('a flipped bit costs a column of a block, or that block, and is never a wrong value', () => {
  const truth = tablesIn(file);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const read = readBlocks(flipped);
      expect(read.blocks.length).toBeGreaterThanOrEqual(2);
      let lost = 3 - read.blocks.length;
      for (const block of read.blocks) {
        const { table: found, damaged } = decodeBlock(block, all);
        lost += damaged.length;
        const right = truth.get(block.header.generations[0]);
        if (found) expect(found.times).toEqual(right?.times);
        for (const [name, column] of found?.columns ?? []) expect(column).toEqual(right?.columns.get(name));
      }
      expect(lost).toBe(1);
    }),
    { numRuns: times(100, 500) },
  );
});

test('any bytes can be read as a file, also such that look like blocks', () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(...blocks, Buffer.from('UBH1')));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      for (const block of readBlocks(Buffer.concat(pieces)).blocks) decodeBlock(block, all);
    }),
  );
});
