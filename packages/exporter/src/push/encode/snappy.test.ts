import fc from 'fast-check';
import snappyjs from 'snappyjs';
import { expect, test } from 'vitest';
import { snappy } from './snappy.ts';

const repetitive = fc
  .array(fc.constantFrom('cell_voltage', 'device', '3.3', 'x', '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'), {
    maxLength: 400,
  })
  .map((words) => Buffer.from(words.join('')));
const noise = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes));

test('another implementation gets back what was compressed', () => {
  fc.assert(
    fc.property(fc.oneof(repetitive, noise), (bytes) => {
      expect(Buffer.from(snappyjs.uncompress(snappy(bytes))).equals(bytes)).toBe(true);
    }),
  );
});

test.each([0, 1, 60, 61, 65_535, 65_536, 65_537, 200_000])(
  '%i bytes come back, and repetition gets short',
  (size) => {
    const bytes = Buffer.alloc(size, 'ubmsc_');
    const compressed = snappy(bytes);
    expect(Buffer.from(snappyjs.uncompress(compressed)).equals(bytes)).toBe(true);
    if (size > 1000) expect(compressed.length).toBeLessThan(size / 15);
  },
);
