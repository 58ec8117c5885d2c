import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryPause } from './recovery.ts';

describe('the pause before a battery is tried again', () => {
  test('is less than a second after the first failure', () => {
    expect(retryPause(1, 'linkLost', 0)).toBeGreaterThan(500);
    expect(retryPause(1, 'linkLost', 1)).toBeLessThan(1000);
  });

  test('doubles with each further failure', () => {
    const pauses = [1, 2, 3, 4].map((failures) => retryPause(failures, 'linkLost', 0.5));
    expect(pauses).toEqual([800, 1600, 3200, 6400]);
  });

  test('is never longer than a minute, and varies by a fifth', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const pause = retryPause(failures, 'linkLost', random);
        const middle = retryPause(failures, 'linkLost', 0.5);
        expect(Math.round(pause)).toBeLessThanOrEqual(60_000);
        expect(pause / middle).toBeGreaterThanOrEqual(0.8 - 1e-9);
        expect(pause / middle).toBeLessThanOrEqual(1.2 + 1e-9);
      }),
    );
  });

  test('is long at once for what only a person can mend', () => {
    expect(retryPause(1, 'notJk', 0.5)).toBeGreaterThan(30_000);
  });

  test('gives a battery that fell silent three seconds', () => {
    expect(retryPause(1, 'silent', 0)).toBe(3000);
  });
});
