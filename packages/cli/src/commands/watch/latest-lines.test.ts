import { UsageError } from '@ubmsc/base';
import { expect, test } from 'vitest';
import { LatestLines } from './latest-lines.ts';

test('a line that cannot be printed, as on a full disk, is told while others still come', async () => {
  const full = new UsageError('the output cannot be written', 'make room');
  const lines = new LatestLines(async () => await Promise.reject(full));
  lines.put('battery', () => 'reading');
  await expect.poll(() => lines.failed.aborted).toBe(true);
  expect(lines.failed.reason).toBe(full);
});
