import type { BatteryStatus } from '@ubmsc/session';
import { isLive } from './verdict.ts';

/** Several batteries seen as one. Only those that are live count, and no doubtful reading. */
export interface Bank {
  readonly batteries: number;
  readonly live: number;
  /** Sums in A and W, positive while charging; null when no reading has one. */
  readonly current: number | null;
  readonly power: number | null;
  /** Sums in A·h. */
  readonly remaining: number | null;
  readonly capacity: number | null;
}

export function bankOf(statuses: readonly BatteryStatus[], now: number): Bank {
  // A bank of the configuration is a sum itself.
  const batteries = statuses.filter(({ bank }) => bank === undefined);
  const live = batteries.filter((status) => isLive(status, now));
  const readings = live.flatMap(({ reading }) => (reading && reading.doubt === undefined ? [reading] : []));
  const sum = (values: readonly (number | null)[]): number | null => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
  };
  return {
    batteries: batteries.length,
    live: live.length,
    current: sum(readings.map(({ batteryCurrent }) => batteryCurrent)),
    power: sum(readings.map(({ batteryPower }) => batteryPower)),
    remaining: sum(readings.map(({ remainCapacity }) => remainCapacity)),
    capacity: sum(readings.map(({ nominalCapacity }) => nominalCapacity)),
  };
}
