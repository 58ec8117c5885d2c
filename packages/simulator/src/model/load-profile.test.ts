import { describe, expect, it } from 'vitest';
import { constantCurrent, dayCycle } from './load-profile.ts';

const HOUR = 3600;
const cycle = dayCycle({ capacity: 100, cellVoltageLimit: 3.45, seed: 1 });

describe('day cycle', () => {
  it('charges at noon and discharges at night', () => {
    const mean = (from: number): number =>
      Array.from({ length: 60 }, (_, minute) => cycle(from + minute * 60).current).reduce((a, b) => a + b) /
      60;
    expect(mean(12 * HOUR)).toBeGreaterThan(3);
    expect(mean(2 * HOUR)).toBeLessThan(-1);
    expect(mean(20 * HOUR)).toBeLessThan(mean(2 * HOUR));
  });

  it('has pulses of minutes by day', () => {
    const currents = Array.from({ length: 3 * 60 }, (_, minute) => cycle(20 * HOUR + minute * 60).current);
    const pulses = currents.filter((current) => current < -20).length;
    expect(pulses).toBeGreaterThan(0);
    expect(pulses).toBeLessThan(60);
  });

  it('is a function of time alone, and in proportion to the capacity', () => {
    const twice = dayCycle({ capacity: 200, cellVoltageLimit: 3.45, seed: 1 });
    expect(cycle(50_000)).toEqual(cycle(50_000));
    expect(twice(50_000).current).toBeCloseTo(2 * cycle(50_000).current, 9);
  });
});

it('a constant current does not change', () => {
  expect(constantCurrent(-5)(0)).toEqual(constantCurrent(-5)(1e6));
});
