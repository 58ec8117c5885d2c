import { reasonRow, type SessionReason } from '@ubmsc/session';

/** When a battery that streamed has sent nothing for so long, in milliseconds, it is asked again. */
export const silenceLadder = [
  { after: 6000, state: 'quiet' },
  { after: 12_000, state: 'mute' },
] as const;

/** When it has sent nothing for so long, in milliseconds, its link is let go. */
export const LET_GO = 20_000;

/** When nothing that it sends was believed for so long, in milliseconds, its link is let go. */
export const UNBELIEVED = 60_000;

/** So many links in a row that cannot be made, and the adapter is opened anew. */
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
