import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cadence } from './cadence.ts';

/** After what age a reading is stale when readings have come at these intervals, in milliseconds. */
function staleAfter(intervals: readonly number[]): number {
  const cadence = new Cadence();
  let time = 1000;
  cadence.observe(time);
  for (const interval of intervals) cadence.observe((time += interval));
  return cadence.staleAfter;
}

describe('a reading is stale', () => {
  test('after ten seconds, before anything is known of the battery', () => {
    expect(new Cadence().staleAfter).toBe(10_000);
    expect(staleAfter([])).toBe(10_000);
  });

  test('after ten seconds when two come in a second', () => {
    expect(staleAfter([540, 550, 538, 541])).toBe(10_000);
  });

  test('after three minutes when one comes each minute', () => {
    expect(staleAfter([60_000, 60_010, 59_990])).toBe(180_000);
  });

  test('no later because of one long pause', () => {
    expect(staleAfter([540, 550, 600_000, 538, 541])).toBe(10_000);
  });

  test('later, once readings have come less often for a while', () => {
    expect(staleAfter([540, 550, 540, 550, 540, 30_000, 30_000, 30_000, 30_000, 30_000])).toBe(90_000);
  });

  test('never sooner than ten seconds, nor later than three times the longest interval', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e7)), (intervals) => {
        const age = staleAfter(intervals);
        expect(age).toBeGreaterThanOrEqual(10_000);
        expect(age).toBeLessThanOrEqual(Math.max(10_000, 3 * Math.max(0, ...intervals)));
      }),
    );
  });
});
