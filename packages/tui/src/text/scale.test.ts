import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { niceScale, position } from './scale.ts';

describe('a scale', () => {
  test('has round ends around the values', () => {
    expect(niceScale([3.312, 3.318], 0.01)).toEqual({ low: 3.31, high: 3.32 });
    expect(niceScale([-110, 38.8], 1)).toEqual({ low: -150, high: 50 });
  });

  test('stays the same while values move a little', () => {
    expect(niceScale([3.3121, 3.3177], 0.01)).toEqual(niceScale([3.3132, 3.3188], 0.01));
  });

  test('is there for one value, and absent for none', () => {
    const { low = 0, high = 0 } = niceScale([3.3], 0.01) ?? {};
    expect(high - low).toBeCloseTo(0.01);
    expect(niceScale([], 0.01)).toBeUndefined();
    expect(niceScale([NaN, Infinity], 0.01)).toBeUndefined();
  });

  test('holds all values and is at least so wide as asked', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        (values, least) => {
          const scale = niceScale(values, least);
          if (!scale) throw new Error('no scale');
          const slack = (scale.high - scale.low) * 1e-6;
          expect(scale.low).toBeLessThanOrEqual(Math.min(...values) + slack);
          expect(scale.high).toBeGreaterThanOrEqual(Math.max(...values) - slack);
          expect(scale.high - scale.low).toBeGreaterThanOrEqual(least * 0.999);
          for (const each of values) {
            expect(position(each, scale)).toBeGreaterThanOrEqual(0);
            expect(position(each, scale)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});
