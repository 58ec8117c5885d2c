import type { BatteryStatus } from '@ubmsc/session';
import { isLive } from './verdict.ts';

/** Several batteries seen as one. Only those that are live count. */
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
  const readings = statuses.flatMap((status) =>
    isLive(status, now) && status.reading ? [status.reading] : [],
  );
  const sum = (values: readonly (number | null)[]): number | null => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
  };
  return {
    batteries: statuses.length,
    live: readings.length,
    current: sum(readings.map(({ batteryCurrent }) => batteryCurrent)),
    power: sum(readings.map(({ batteryPower }) => batteryPower)),
    remaining: sum(readings.map(({ remainCapacity }) => remainCapacity)),
    capacity: sum(readings.map(({ nominalCapacity }) => nominalCapacity)),
  };
}
