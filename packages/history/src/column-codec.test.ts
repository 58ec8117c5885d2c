import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeColumn, encodeColumn } from './column-codec.ts';

const divisor = fc.constantFrom(1, 10, 1000, 100_000);
const value = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constant(NaN) },
  { weight: 1, arbitrary: fc.integer({ min: -(2 ** 42), max: 2 ** 42 }) },
);
const values = fc.oneof(
  fc.array(value, { maxLength: 200 }),
  fc.tuple(value, fc.nat(100)).map(([each, length]) => Array.from({ length }, () => each)),
);

test('what is written is read', () => {
  fc.assert(
    fc.property(values, divisor, (numbers, by) => {
      const column = Float64Array.from(numbers, (number) => number / by);
      expect(decodeColumn(encodeColumn(column, by), column.length, by)).toEqual(column);
    }),
  );
});

test('so is what is written as differences from another column', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { maxLength: 200 }), divisor, (pairs, by) => {
      const base = Float64Array.from(pairs, ([number]) => number / by);
      const column = Float64Array.from(pairs, ([, number]) => number / by);
      expect(decodeColumn(encodeColumn(column, by, base), column.length, by, base)).toEqual(column);
    }),
  );
});

test('a value that does not change, and one that grows steadily, take some bytes', () => {
  const steady = Float64Array.from({ length: 10_000 }, (_, row) => 5_000_000 + 500 * row);
  expect(encodeColumn(new Float64Array(10_000).fill(3.3), 1000).length).toBeLessThan(8);
  expect(encodeColumn(steady, 1).length).toBeLessThan(12);
});

test('bytes that are something else are refused, and never take long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(1000), (bytes, rows) => {
      try {
        expect(decodeColumn(bytes, rows, 1)).toHaveLength(rows);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
