/** A time with its end, in milliseconds since 1970-01-01 UTC. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span that a time belongs to. */
export type SpanOf = (time: number) => Span;

/** In milliseconds. */
export const MINUTE = 60_000;
/** Of an hour, in milliseconds. */
export const QUARTER = 15 * MINUTE;
/** In milliseconds. */
export const HOUR = 60 * MINUTE;
/** In milliseconds. */
export const DAY = 24 * HOUR;

/** Spans of one length, counted from 1970-01-01 UTC. */
export function spansOf(length: number): SpanOf {
  return (time) => {
    const start = Math.floor(time / length) * length;
    return { start, end: start + length };
  };
}

/** Lengths that an axis can have, in milliseconds. */
const lengths: readonly number[] = [
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  QUARTER,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

/** The shortest usual length of which at most `points` cover a time. */
export function lengthFor(time: number, points: number): number {
  const least = time / Math.max(1, points);
  return lengths.find((length) => length >= least) ?? Math.ceil(least / DAY) * DAY;
}
