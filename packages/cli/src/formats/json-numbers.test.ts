import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONGEST_NUMBER, writeNumber } from './json-numbers.ts';

const octets = Buffer.alloc(LONGEST_NUMBER);
const view = new DataView(octets.buffer, octets.byteOffset, octets.length);

const written = (value: number | null): string => octets.toString('latin1', 0, writeNumber(view, 0, value));

test.each([
  null,
  0,
  -0,
  3.284,
  -0.001,
  0.0001,
  0.00001,
  -12.5,
  9999,
  10_000,
  -10_000.0001,
  123_456_789,
  214_748.3647,
  214_748.3648,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  3.3499999046325684,
  1e21,
  -Number.MIN_VALUE,
  -2.2250738585072014e-308,
  -0.0000010025326968882322,
  Infinity,
  NaN,
])('%s is written as JSON has it', (value) => {
  expect(written(value)).toBe(JSON.stringify(value));
});

test('every number is written as JSON has it', () => {
  const number = fc.oneof(
    fc.double(),
    fc.integer(),
    ...[10, 100, 1000, 10_000, 100_000].map((divisor) => fc.integer().map((value) => value / divisor)),
  );
  fc.assert(
    fc.property(number, (value) => {
      expect(written(value)).toBe(JSON.stringify(value));
    }),
    { numRuns: 5000 },
  );
});
