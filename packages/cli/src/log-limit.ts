import type { LogEntry } from './log-format.ts';

/** How many lines of one kind are written at once, and how often one more, in milliseconds. */
const LIMIT = { lines: 10, period: 1_800_000 };

/** How many kinds of lines are counted; the one that was not seen for the longest time is forgotten. */
const MOST_KINDS = 1000;

interface Kind {
  tokens: number;
  since: number;
  leftOut: number;
}

/**
 * Keeps a fault that comes back thousands of times a day, such as a link at the edge of the range, from filling the log.
 * Lines that differ in numbers alone are of one kind: a battery and what happens to it. Those of `debug` and below are
 * all written, because somebody looks for something.
 */
export class LogLimit {
  readonly #kinds = new Map<string, Kind>();

  /** The entry as it is to be written, at this time in milliseconds; undefined when it is not. */
  take(entry: LogEntry, now: number): LogEntry | undefined {
    const { level, target, text } = entry;
    if (level === 'debug' || level === 'trace') return entry;
    const key = `${level} ${target} ${text.replace(/(?<=^|[\s(])\d+(\.\d+)?(?=$|[\s,;:).])/g, '#')}`;
    const known = this.#kinds.get(key) ?? { tokens: LIMIT.lines, since: now, leftOut: 0 };
    this.#kinds.delete(key);
    this.#kinds.set(key, known);
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size > MOST_KINDS && oldest !== undefined) this.#kinds.delete(oldest);
    known.tokens = Math.min(LIMIT.lines, known.tokens + (now - known.since) / LIMIT.period);
    known.since = now;
    if (known.tokens < 1) {
      known.leftOut++;
      return undefined;
    }
    known.tokens--;
    const { leftOut } = known;
    known.leftOut = 0;
    return leftOut === 0 ? entry : { ...entry, text: `${text} (${leftOut} such lines were left out)` };
  }
}
