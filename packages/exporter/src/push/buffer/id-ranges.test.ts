import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdRanges } from './id-ranges.ts';

const ids = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

test('a set of ids has what was added to it, and nothing else, also when it was written and read', () => {
  fc.assert(
    fc.property(ids, ids, (some, others) => {
      const ranges = new IdRanges();
      ranges.add(some);
      ranges.add(others);
      const read = IdRanges.parse(String(ranges));
      const added = new Set([...some, ...others]);
      for (let id = 1; id <= 41; id++)
        expect([ranges.has(id), read.has(id)]).toEqual([added.has(id), added.has(id)]);
      expect(ranges.last).toBe(Math.max(0, ...added));
    }),
  );
});

test('gaps below an id are filled', () => {
  const ranges = IdRanges.parse('2-3,7,9-12');
  ranges.fillBelow(8);
  expect(String(ranges)).toBe('1-7,9-12');
  ranges.fillBelow(9);
  expect(String(ranges)).toBe('1-12');
  ranges.fillBelow(1);
  expect(String(ranges)).toBe('1-12');
});

test.each(['x', '0', '3-1', '1-2-', '1,,2', '-4'])('%j is not a set of ids', (text) => {
  expect(() => IdRanges.parse(text)).toThrow('not a range');
});
