import { log } from '@ubmsc/base';
import type { LogEntry } from '@ubmsc/session';

/** How often a device is asked for its logbook, in milliseconds: it takes its link for some hundred milliseconds. */
const PERIOD = 300_000;

/** A device that has not answered this many times in a row keeps no logbook. */
const MOST_FAILURES = 3;

/** What a device has written down since it was first asked. Times are those of the source, in milliseconds. */
export class LogbookNews {
  readonly #read: () => Promise<readonly LogEntry[]>;
  /** Entries of the latest logbook; undefined until there was one. */
  #known: ReadonlySet<string> | undefined;
  #news: readonly LogEntry[] = [];
  #askedAt = -Infinity;
  #isAsking = false;
  #failures = 0;

  constructor(read: () => Promise<readonly LogEntry[]>) {
    this.#read = read;
  }

  /** Whether the device keeps a logbook, as far as is known. */
  get isKept(): boolean {
    return this.#known !== undefined;
  }

  /** Asks the device, when it is time. Nothing waits for the answer. */
  ask(now: number): void {
    if (this.#isAsking || this.#failures >= MOST_FAILURES || now - this.#askedAt < PERIOD) return;
    this.#askedAt = now;
    this.#isAsking = true;
    void this.#ask();
  }

  /** What was written down since the last call, oldest first. */
  take(): readonly LogEntry[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  async #ask(): Promise<void> {
    try {
      const entries = await this.#read();
      const known = this.#known;
      // What was written down before this run began is not news. A logbook has some hundred entries at most.
      if (known)
        this.#news = [...this.#news, ...entries.filter((entry) => !known.has(keyOf(entry)))].slice(-100);
      this.#known = new Set(entries.map(keyOf));
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      log('debug', 'mqtt', () => `a logbook was not read: ${String(error)}`);
    } finally {
      this.#isAsking = false;
    }
  }
}

const keyOf = ({ code, timestamp }: LogEntry): string => `${timestamp} ${code}`;
