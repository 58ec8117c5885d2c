import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { uptime } from 'node:os';

/** A time as this machine had it: what its clock said, and how long it had been running, which nobody can set. */
export interface Moment {
  /** In milliseconds since 1970-01-01 UTC; wrong where the clock was. */
  readonly time: number;
  /** In milliseconds since the machine was started. */
  readonly uptime: number;
  /** Which start of the machine that was. */
  readonly boot: string;
}

/** The clock was set when it moves by more than this against the time since the start, in milliseconds. */
const SET = 2000;

/** No sample was taken before the program was written: a clock that says so has not been set yet. */
export const EARLIEST = Date.UTC(2026, 0, 1);

const boot = bootId();

/** Now, by the clock and by the time since the start. */
export function momentNow(): Moment {
  return { time: Date.now(), uptime: Math.round(uptime() * 1000), boot };
}

/** How far the clock is ahead of the time since the start, in milliseconds. It changes when the clock is set. */
export function clockOffset(): number {
  return Date.now() - uptime() * 1000;
}

/** Whether two offsets are those of one clock that nobody has set in between. */
export function isSameClock(one: number, other: number): boolean {
  return Math.abs(one - other) < SET;
}

/**
 * When a moment was, by the clock as it is now: where the clock was set since, the time is corrected. Undefined when
 * nobody can tell: the machine was started again since, and its clock was wrong before.
 */
export function timeOf({ time, uptime: since, boot: then }: Moment): number | undefined {
  if (then === boot && since <= uptime() * 1000 + SET) {
    const offset = clockOffset();
    return isSameClock(time - since, offset) ? time : Math.round(since + offset);
  }
  return time >= EARLIEST ? time : undefined;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
