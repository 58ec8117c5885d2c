import { reasonRow, type SessionReason } from '@ubmsc/session';

/** How long a battery that streamed may send nothing before it is asked again, in milliseconds. */
export const silenceLadder = [
  { after: 6000, state: 'quiet' },
  { after: 12_000, state: 'mute' },
] as const;

/** How long it may send nothing before its link is ended, in milliseconds. */
export const LET_GO = 20_000;

/** How long nothing that it sends may be accepted before its link is ended, in milliseconds. */
export const UNBELIEVED = 60_000;

/** How many links in a row may fail before the adapter is opened again. */
export const FAILED_LINKS = 3;

const FIRST_PAUSE = 800;
const LONGEST_PAUSE = 50_000;
const JITTER = 0.2;

/**
 * How long to wait before the next try, in milliseconds: less than a second after the first failure, twice as long
 * after each further one in a row, a minute at most; longer where the reason says so. `random` gives a number from 0
 * to 1, so that batteries that failed together do not try together.
 */
export function retryPause(failures: number, reason: SessionReason | undefined, random: number): number {
  const doubled = FIRST_PAUSE * 2 ** Math.min(Math.max(failures, 1) - 1, 10);
  const row = reasonRow(reason);
  const pause = row?.isLasting ? LONGEST_PAUSE : Math.min(doubled, LONGEST_PAUSE);
  const jittered = pause * (1 - JITTER + 2 * JITTER * random);
  return Math.max(jittered, row?.pause ?? 0);
}
