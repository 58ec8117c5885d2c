import { stat } from 'node:fs/promises';
import { messageOf } from '../send/message.ts';
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

/** Why the clock is not trusted: it is wrong, or the server could not be asked. */
export interface ClockDoubt {
  readonly because: 'clock' | 'network';
  readonly text: string;
}

/**
 * Says whether the clock of this machine is right: synchronized, or the same as that of the server that samples go to.
 * It is asked again after the clock was set. What nothing confirms is trusted after ten minutes, unless it is absurd.
 */
export class ClockCheck {
  readonly #options: ClockCheckOptions;
  #confirmed: number | undefined;
  #waitingSince: number | undefined;

  constructor(options: ClockCheckOptions) {
    this.#options = options;
  }

  /** Undefined when the clock is right. */
  async check(signal: AbortSignal): Promise<ClockDoubt | undefined> {
    const offset = clockOffset();
    if (this.#confirmed !== undefined && isSameClock(this.#confirmed, offset)) return undefined;
    const doubt = (await this.#isSynchronized()) ? undefined : await this.#doubt(signal);
    if (doubt && !this.#hasWaited()) return doubt;
    this.#waitingSince = undefined;
    this.#confirmed = offset;
    return undefined;
  }

  /** Whether it was asked without an answer for long enough, and says nothing absurd. */
  #hasWaited(): boolean {
    this.#waitingSince ??= performance.now();
    const waited = performance.now() - this.#waitingSince;
    return waited >= (this.#options.longestWait ?? LONGEST_WAIT) && Date.now() >= EARLIEST;
  }

  async #isSynchronized(): Promise<boolean> {
    const touched = await stat(this.#options.synchronized ?? SYNCHRONIZED).catch(() => undefined);
    return touched !== undefined && Math.abs(Date.now() - touched.mtimeMs) < RECENT;
  }

  async #doubt(signal: AbortSignal): Promise<ClockDoubt | undefined> {
    let there: number | undefined;
    try {
      there = await this.#options.ask(signal);
    } catch (error) {
      return { because: 'network', text: messageOf(error) };
    }
    const difference = there === undefined ? 0 : Date.now() - there;
    if (Math.abs(difference) > TOLERANCE) {
      const seconds = Math.round(Math.abs(difference) / 1000);
      const where = difference > 0 ? 'ahead of' : 'behind';
      return {
        because: 'clock',
        text: `the clock of this machine is ${seconds} s ${where} that of the server`,
      };
    }
    if (Date.now() >= EARLIEST) return undefined;
    return { because: 'clock', text: 'the clock of this machine is not set' };
  }
}
