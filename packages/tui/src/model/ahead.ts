import type { Reading } from '@ubmsc/protocol';
import type { History } from './history.ts';

/** What becomes of the charge as long as the current stays as it is. */
export type Ahead =
  | {
      readonly kind: 'full' | 'empty';
      /** Until then, in s. */
      readonly seconds: number;
      /** The mean current that this is reckoned with, in A, and over which time, in s. */
      readonly current: number;
      readonly over: number;
    }
  | { readonly kind: 'rest' }
  /** The way that the current would flow is switched off. */
  | { readonly kind: 'cut off'; readonly what: 'charge' | 'discharge' | 'charge and discharge' };

/** Currents below this share of the capacity per hour lead nowhere that could be foretold. */
const LEAST_RATE = 0.002;

/** Over this time the current is averaged, in milliseconds, if there was no step in it. */
const LONGEST = 60_000;

/** A current that differs from the mean by this share of it, and by this many A, is another load. */
const STEP = { share: 0.2, amperes: 2 } as const;

/** Looks ahead from the reading at `now`, and from the current since its last step. */
export function ahead(reading: Reading, history: History | undefined, now: number): Ahead | undefined {
  const { remainCapacity, nominalCapacity, batteryCurrent, chargeMosfet, dischargeMosfet } = reading;
  if (batteryCurrent === null || reading.doubt !== undefined) return undefined;
  const least = nominalCapacity !== null && nominalCapacity > 0 ? nominalCapacity * LEAST_RATE : 0.1;
  if (Math.abs(batteryCurrent) < least) {
    if (chargeMosfet === false && dischargeMosfet === false)
      return { kind: 'cut off', what: 'charge and discharge' };
    if (dischargeMosfet === false) return { kind: 'cut off', what: 'discharge' };
    if (chargeMosfet === false) return { kind: 'cut off', what: 'charge' };
    return { kind: 'rest' };
  }
  if (remainCapacity === null || nominalCapacity === null || nominalCapacity <= 0) return undefined;
  const { mean, over } = meanSinceStep(batteryCurrent, history, now);
  const missing = mean > 0 ? nominalCapacity - remainCapacity : remainCapacity;
  if (missing < 0 || Math.abs(mean) < least) return undefined;
  return {
    kind: mean > 0 ? 'full' : 'empty',
    seconds: (missing / Math.abs(mean)) * 3600,
    current: mean,
    over,
  };
}

/** The mean of the current since it last made a step, of the last minute at most. */
function meanSinceStep(
  latest: number,
  history: History | undefined,
  now: number,
): { readonly mean: number; readonly over: number } {
  let sum = latest;
  let count = 1;
  let oldest = now;
  if (!history) return { mean: latest, over: 0 };
  for (let number = history.indexAt(now); number >= history.start; number--) {
    const time = history.timeOf(number);
    const value = history.valueOf('batteryCurrent', number);
    if (time < now - LONGEST || Number.isNaN(value)) break;
    const mean = sum / count;
    if (Math.abs(value - mean) > Math.max(STEP.amperes, Math.abs(mean) * STEP.share)) break;
    sum += value;
    count++;
    oldest = time;
  }
  return { mean: sum / count, over: (now - oldest) / 1000 };
}
