import { stat } from 'node:fs/promises';
import { clockOffset, EARLIEST, isSameClock } from './timeline.ts';

/** Is touched by systemd-timesyncd when it has set the clock (systemd-timesyncd.service(8)). */
const SYNCHRONIZED = '/run/systemd/timesync/synchronized';

/** Longest time between two synchronizations of systemd-timesyncd, twice, in milliseconds. */
const RECENT = 2 * 2_048_000;

/** How far the clocks of this machine and of a server may differ, in milliseconds. */
const TOLERANCE = 120_000;

/** How long samples wait for a clock that nothing confirms, in milliseconds. */
const LONGEST_WAIT = 600_000;

export interface ClockCheckOptions {
  /** What time a server says it is, in milliseconds since 1970-01-01 UTC; undefined when it does not say. */
  readonly ask: (signal: AbortSignal) => Promise<number | undefined>;
  readonly longestWait?: number | undefined;
  readonly synchronized?: string | undefined;
}

/** What is known of the clock: it is right, or why it is not believed. */
export type ClockState = { readonly right: true } | { readonly right: false; readonly reason: string };

/**
 * Says whether the clock of this machine is right: synchronized, or the same as that of the server that samples go to.
 * It is asked again after the clock was set. What nothing confirms is believed after ten minutes, unless it is absurd.
 */
export class ClockCheck {
  readonly #options: ClockCheckOptions;
  #confirmed: number | undefined;
  #waitingSince: number | undefined;

  constructor(options: ClockCheckOptions) {
    this.#options = options;
  }

  async check(signal: AbortSignal): Promise<ClockState> {
    const offset = clockOffset();
    if (this.#confirmed !== undefined && isSameClock(this.#confirmed, offset)) return { right: true };
    const reason = (await this.#isSynchronized()) ? undefined : await this.#doubt(signal);
    this.#waitingSince = reason === undefined ? undefined : (this.#waitingSince ?? performance.now());
    const hasWaited = performance.now() - (this.#waitingSince ?? Infinity);
    const isPlausible = Date.now() >= EARLIEST;
    if (reason !== undefined && !(isPlausible && hasWaited >= (this.#options.longestWait ?? LONGEST_WAIT))) {
      return { right: false, reason };
    }
    this.#confirmed = offset;
    return { right: true };
  }

  async #isSynchronized(): Promise<boolean> {
    const touched = await stat(this.#options.synchronized ?? SYNCHRONIZED).catch(() => undefined);
    return touched !== undefined && Math.abs(Date.now() - touched.mtimeMs) < RECENT;
  }

  /** Why the clock is not believed. */
  async #doubt(signal: AbortSignal): Promise<string | undefined> {
    const there = await this.#options.ask(signal);
    const difference = there === undefined ? 0 : Date.now() - there;
    if (Math.abs(difference) > TOLERANCE) {
      const seconds = Math.round(Math.abs(difference) / 1000);
      return `the clock of this machine is ${seconds} s ${difference > 0 ? 'ahead of' : 'behind'} that of the server`;
    }
    return Date.now() < EARLIEST ? 'the clock of this machine is not set' : undefined;
  }
}
