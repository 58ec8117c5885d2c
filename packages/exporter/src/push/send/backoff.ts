/** How long is waited before something is tried again, in milliseconds: at first, and at most. */
export interface BackoffTimes {
  readonly first: number;
  readonly longest: number;
}

/**
 * How long to wait after this many failures in a row, in milliseconds: doubling, with jitter of a half, so that many who
 * lost the same server do not come back at once. `random` is from 0 to 1.
 */
export function backoff(failures: number, { first, longest }: BackoffTimes, random: number): number {
  const full = Math.min(first * 2 ** Math.max(0, failures - 1), longest);
  return full * (0.5 + random / 2);
}
