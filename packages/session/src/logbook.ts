import { decode, logbookJk02_32s, logCodeText, type Frame } from '@ubmsc/protocol';

/** One event that a device has written down. `code` and `timestamp` together tell it from others. */
export interface LogEntry {
  /** What happened (reference, section 5.9). */
  readonly code: number;
  /** The code in words. */
  readonly text: string;
  /** Run time of the device at the event, over all power cycles, in s. */
  readonly timestamp: number;
  /**
   * When it happened, in milliseconds since 1970-01-01 UTC, to the second; null when it is not known. Run time stands
   * still while the device is off: what happened before it was last off, happened earlier by as long as it was off.
   */
  readonly time: number | null;
}

/** How far behind the end of a logbook an event may seem to be: the run time is counted in whole seconds. */
const ROUNDING = 2000;

/**
 * The entries of a 0x05 record, oldest first. `runStart` is when the run time of the device was 0, `now` when the
 * record came, both in milliseconds since 1970-01-01 UTC. An event that would be in the future has no time.
 */
export function logEntries(frame: Frame, runStart: number | undefined, now: number): LogEntry[] {
  const { entries, entryCount } = decode(logbookJk02_32s, frame);
  return entries.slice(0, entryCount).map(({ timestamp, code }) => {
    const time = Math.round(((runStart ?? NaN) + timestamp * 1000) / 1000) * 1000;
    return { code, text: logCodeText(code), timestamp, time: time <= now + ROUNDING ? time : null };
  });
}

/**
 * When the run time of a device was 0, from what it says it is. The device counts whole seconds, so that each record
 * says it a little differently: as long as they agree, the answer stays the same, and so do the times of events.
 */
export class RunClock {
  #start: number | undefined;

  /** In milliseconds since 1970-01-01 UTC; undefined as long as the device has not said its run time. */
  get start(): number | undefined {
    return this.#start;
  }

  /** Takes the run time, in s, of a record that was complete at `time`, in milliseconds since 1970-01-01 UTC. */
  observe(runtime: number, time: number): void {
    const start = time - runtime * 1000;
    if (this.#start === undefined || Math.abs(start - this.#start) > ROUNDING) this.#start = start;
  }
}
