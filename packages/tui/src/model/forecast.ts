import type { Reading } from '@ubmsc/protocol';

/** When the battery will be full or empty if the current stays as it is. */
export interface Forecast {
  readonly to: 'full' | 'empty';
  readonly seconds: number;
}

/** Currents below this share of the capacity per hour lead nowhere that could be foretold. */
const LEAST_RATE = 0.002;

/**
 * From what remains and a mean current in A, positive while charging; undefined when either is unknown or the
 * current is next to nothing.
 */
export function forecast(
  { remainCapacity, nominalCapacity }: Reading,
  current: number | null,
): Forecast | undefined {
  if (remainCapacity === null || nominalCapacity === null || current === null) return undefined;
  if (Math.abs(current) < nominalCapacity * LEAST_RATE || nominalCapacity <= 0) return undefined;
  const missing = current > 0 ? nominalCapacity - remainCapacity : remainCapacity;
  if (missing < 0) return undefined;
  return { to: current > 0 ? 'full' : 'empty', seconds: (missing / Math.abs(current)) * 3600 };
}
