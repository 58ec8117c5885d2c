import { noise } from '../device/random.ts';

/** What charger and consumers ask of the battery at one moment. */
export interface Demand {
  /** Current in A, positive while charging. */
  readonly current: number;
  /** The charger lowers its current so that the mean cell does not exceed this voltage in V. No limit when left out. */
  readonly cellVoltageLimit?: number;
}

/** The demand over time, in seconds since midnight of the first day. */
export type LoadProfile = (time: number) => Demand;

const DAY = 24 * 3600;
const HOUR = 3600;

/** The same current at any time, in A, positive while charging. Its charger knows no limit of voltage. */
export function constantCurrent(current: number): LoadProfile {
  return () => ({ current });
}

/** Sun and consumption of a day. */
export interface DayCycleOptions {
  /** Capacity of the battery in A·h; every current is in proportion to it. */
  readonly capacity: number;
  /** Voltage of a cell in V at which the solar charger holds. */
  readonly cellVoltageLimit: number;
  readonly seed: number;
}

/**
 * A small household with solar panels: charge by day under passing clouds, a base load with an evening peak, and
 * short pulses (a kettle, a pump) by day. Charge and discharge of a day are about even.
 */
export function dayCycle({ capacity, cellVoltageLimit, seed }: DayCycleOptions): LoadProfile {
  return (time) => {
    const hour = (time % DAY) / HOUR;
    const sun = hour > 6 && hour < 18 ? Math.sin(((hour - 6) / 12) * Math.PI) : 0;
    const clouds = smooth(seed, time / 600);
    const solar = 0.2 * sun * (1 - 0.6 * clouds);
    const household = 0.022 + (hour > 18 && hour < 23 ? 0.06 : 0) + 0.008 * smooth(seed + 1, time / 20);
    const pulse = hour > 6 && hour < 23 && isPulse(seed + 2, time) ? 0.18 : 0;
    return { current: capacity * (solar - household - pulse), cellVoltageLimit };
  };
}

/** Noise that wanders from one whole number to the next. */
function smooth(seed: number, position: number): number {
  const index = Math.floor(position);
  const part = position - index;
  return noise(seed, index) * (1 - part) + noise(seed, index + 1) * part;
}

/** About one slot of ten minutes in five begins with a pulse of one to four minutes. */
function isPulse(seed: number, time: number): boolean {
  const slot = Math.floor(time / 600);
  return noise(seed, slot) < 0.2 && time % 600 < 60 + 180 * noise(seed + 1, slot);
}
