import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepBetween } from './meter.ts';
import { addSums, noSums, type Sums } from './sums.ts';

const sumsOf = (step: { readonly sums: Sums | undefined }): Sums => step.sums ?? noSums;

test('an hour at 1 kW, told every second, is 1 kWh', () => {
  let total = noSums;
  for (let second = 0; second < 3600; second++) {
    const at = (time: number) => ({ time: time * 1000, power: 1000, current: 20 });
    total = addSums(total, sumsOf(stepBetween(at(second), at(second + 1))));
  }
  expect(total).toEqual({ energyIn: 3_600_000, energyOut: 0, chargeIn: 72_000, chargeOut: 0 });
});

test('where the sign changes, charging and discharging are told apart', () => {
  const step = stepBetween({ time: 0, power: 300, current: 6 }, { time: 8000, power: -100, current: -2 });
  expect(step.sums).toEqual({ energyIn: 900, energyOut: 100, chargeIn: 18, chargeOut: 2 });
});

test('10 s are bridged silently, a minute is bridged and counted, more is counted only', () => {
  const start = { time: 0, power: 60, current: 1 };
  const after = (seconds: number) => stepBetween(start, { ...start, time: seconds * 1000 });
  expect(after(10)).toMatchObject({ sums: { energyIn: 600 }, bridged: 0, unmetered: 0 });
  expect(after(60)).toMatchObject({ sums: { energyIn: 3600 }, bridged: 60, unmetered: 0 });
  expect(after(61)).toEqual({ sums: undefined, bridged: 0, unmetered: 61 });
});

test('what is between two readings of a steady change may be told or not: the sums are the same', () => {
  const value = fc.double({ min: -20_000, max: 20_000, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.integer({ min: 1, max: 59_999 }), (from, to, middle) => {
      const at = (time: number) => {
        const power = from + ((to - from) * time) / 60_000;
        return { time, power, current: power / 50 };
      };
      const whole = sumsOf(stepBetween(at(0), at(60_000)));
      const parts = addSums(
        sumsOf(stepBetween(at(0), at(middle))),
        sumsOf(stepBetween(at(middle), at(60_000))),
      );
      expect(parts.energyIn).toBeCloseTo(whole.energyIn, 3);
      expect(parts.energyOut).toBeCloseTo(whole.energyOut, 3);
      expect(whole.energyIn).toBeGreaterThanOrEqual(0);
      expect(whole.energyOut).toBeGreaterThanOrEqual(0);
      expect(whole.energyIn - whole.energyOut).toBeCloseTo((from + to) * 30, 3);
    }),
  );
});
