import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines } from './lines.ts';

const labelsOf = (index: number): Readonly<Record<string, string>> => ({ device: 'é"', cell: String(index) });

const value = fc.oneof(
  fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, undefined),
  fc.double(),
);

test('what was written before leaves no trace in what is written now', () => {
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 4 }), { minLength: 2, maxLength: 5 }), (pages) => {
      const kept = new Lines('a', labelsOf);
      for (const values of pages) {
        const made = new Lines('a', labelsOf);
        for (const lines of [kept, made]) lines.set(values.length, (index) => values[index]);
        expect([kept.text, ...kept.series()]).toEqual([made.text, ...made.series()]);
      }
    }),
  );
});

test('each series has a line, and what is not a number has none', () => {
  const values = [3.25, undefined, Number.NaN, Number.POSITIVE_INFINITY, 0];
  const lines = new Lines('volts', labelsOf).set(values.length, (index) => values[index]);
  expect(Buffer.from(lines.text, 'latin1').toString()).toBe(
    '\nvolts{device="é\\"",cell="0"} 3.25\nvolts{device="é\\"",cell="4"} 0',
  );
});
