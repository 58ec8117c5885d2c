import { expect, test } from 'vitest';
import { progressText } from './read-progress.ts';

test.each([
  [0, 24e6, 1, '[························] 0 % 0.0 of 24.0 MB, 0.0 MB/s, ? left'],
  [12e6, 24e6, 1000, '[############············] 50 % 12.0 of 24.0 MB, 12.0 MB/s, 1 s left'],
  [250e6, 1e9, 2500, '[######··················] 25 % 250 of 1000 MB, 100 MB/s, 8 s left'],
  [1e6, 1e9, 1000, '[························] 0 % 1.0 of 1000 MB, 1.0 MB/s, 16 min 39 s left'],
  [24e6, 24e6, 1000, '[########################] 100 % 24.0 of 24.0 MB, 24.0 MB/s, 0 s left'],
])('of %d octets of %d after %d ms it says %s', (read, total, elapsed, text) => {
  expect(progressText(read, total, elapsed)).toBe(text);
});

test.each([[undefined], [5e6]])(
  'of a length that is not known, or is passed, it says how much was read',
  (total) => {
    expect(progressText(12e6, total, 1000)).toBe('12.0 MB, 12.0 MB/s');
  },
);
