import type { BatteryStatus } from '@ubmsc/session';
import { isLive } from './verdict.ts';

/** Several batteries seen as one. The sums are of those that are live and whose reading nothing speaks against. */
export interface Bank {
  readonly batteries: number;
  /** How many are in the sums. */
  readonly live: number;
  /** How many have a link, and a reading that is in doubt. */
  readonly doubtful: number;
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
  const heard = batteries.flatMap((status) =>
    status.reading && isLive(status, now) ? [status.reading] : [],
  );
  const readings = heard.filter(({ doubt }) => doubt === undefined);
  const sum = (values: readonly (number | null)[]): number | null => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
  };
  return {
    batteries: batteries.length,
    live: readings.length,
    doubtful: heard.length - readings.length,
    current: sum(readings.map(({ batteryCurrent }) => batteryCurrent)),
    power: sum(readings.map(({ batteryPower }) => batteryPower)),
    remaining: sum(readings.map(({ remainCapacity }) => remainCapacity)),
    capacity: sum(readings.map(({ nominalCapacity }) => nominalCapacity)),
  };
}
