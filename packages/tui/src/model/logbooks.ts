import type { LogEntry } from '@ubmsc/session';

/** A logbook that was asked for is not asked for again within this time, in milliseconds. */
const FRESH = 60_000;

/** What is known of the logbook of a device. */
export interface Logbook {
  /** The latest first; empty while it is read, and when that failed. */
  readonly entries: readonly LogEntry[];
  /** Why there are none. */
  readonly note: string | undefined;
}

/** The logbooks of devices, read when somebody looks. */
export class Logbooks {
  readonly #read: ((device: string) => Promise<readonly LogEntry[]>) | undefined;
  readonly #changed: () => void;
  readonly #known = new Map<string, Logbook & { readonly at: number }>();

  constructor(read: ((device: string) => Promise<readonly LogEntry[]>) | undefined, changed: () => void) {
    this.#read = read;
    this.#changed = changed;
  }

  /** What is known of a logbook; undefined where none can be read. Reads it when that was long ago. */
  of(device: string): Logbook | undefined {
    if (!this.#read) return undefined;
    const known = this.#known.get(device);
    const now = performance.now();
    if (known && now - known.at < FRESH) return known;
    const { entries = [] } = known ?? {};
    const reading = { entries, note: 'the logbook of the device is read …', at: now };
    this.#known.set(device, reading);
    void this.#fetch(device, this.#read);
    return reading;
  }

  async #fetch(device: string, read: (device: string) => Promise<readonly LogEntry[]>): Promise<void> {
    const at = performance.now();
    try {
      const entries = (await read(device)).toReversed();
      const note = entries.length === 0 ? 'the logbook of the device is empty' : undefined;
      this.#known.set(device, { entries, note, at });
    } catch (error) {
      const note = `no logbook: ${error instanceof Error ? error.message : String(error)}`;
      this.#known.set(device, { entries: [], note, at });
    }
    this.#changed();
  }
}
