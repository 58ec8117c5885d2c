import type { Sums } from './sums.ts';

/** What a battery measured at one moment. */
export interface Sample {
  /** Milliseconds of a clock that never steps back. */
  readonly time: number;
  /** W, positive while charging. */
  readonly power: number;
  /** A, positive while charging. */
  readonly current: number;
}

/** Up to this time between two readings nothing is said about it, in milliseconds. */
const USUAL = 10_000;

/** Readings that are further apart are not bridged, in milliseconds. */
const LONGEST_BRIDGE = 60_000;

/** What the time between two readings adds. */
export interface Step {
  /** Undefined when the readings are too far apart to tell. */
  readonly sums: Sums | undefined;
  /** Seconds between them, when they are further apart than usual and bridged all the same. */
  readonly bridged: number;
  /** Seconds between them, when they are not bridged. */
  readonly unmetered: number;
}

/**
 * What happened between two samples, by the trapezoidal rule. Where a value changes its sign between them, what went in
 * and what came out are told apart.
 */
export function stepBetween(before: Sample, after: Sample): Step {
  const length = after.time - before.time;
  const seconds = length / 1000;
  if (length > LONGEST_BRIDGE) return { sums: undefined, bridged: 0, unmetered: seconds };
  const [energyIn, energyOut] = areas(before.power, after.power, seconds);
  const [chargeIn, chargeOut] = areas(before.current, after.current, seconds);
  return {
    sums: { energyIn, energyOut, chargeIn, chargeOut },
    bridged: length > USUAL ? seconds : 0,
    unmetered: 0,
  };
}

/** The areas above and below zero of a line from one value to another. */
function areas(from: number, to: number, length: number): readonly [above: number, below: number] {
  if (from >= 0 && to >= 0) return [((from + to) / 2) * length, 0];
  if (from <= 0 && to <= 0) return [0, ((-from - to) / 2) * length];
  const crossing = from / (from - to);
  const first = (Math.abs(from) / 2) * crossing * length;
  const second = (Math.abs(to) / 2) * (1 - crossing) * length;
  return from > 0 ? [first, second] : [second, first];
}
