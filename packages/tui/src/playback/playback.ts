import { EventEmitter } from 'node:events';
import { sanitize } from '@ubmsc/base';
import { eventTime, RecordedBattery, type RecordingHeader } from '@ubmsc/recording';
import type { BatteryEvent, BatterySource, BatteryStatus } from '@ubmsc/session';
import { Track, type RecordingText } from './track.ts';

/** What is kept of recordings. */
export interface PlaybackLimits {
  readonly readings: number;
  /** Changes of states, and other events that are not readings. */
  readonly changes: number;
}

/** A day and a half of two readings a second, in about 110 MB, and a change each six seconds of it. */
const standardLimits: PlaybackLimits = { readings: 300_000, changes: 20_000 };

/** After this many events in a row, others have their turn. */
const AT_ONCE = 2000;

/** One recording with the battery that it is of. */
interface Reel {
  readonly track: Track;
  readonly started: number;
  readonly battery: RecordedBattery;
}

/**
 * Batteries of recordings, as they become one event after the other; its clock is that of the recordings, in
 * milliseconds since 1970-01-01 UTC. It is read once, from the start to the end, by {@link load}: whoever observes it
 * from the beginning has seen all of it then, and can go back in what was remembered.
 */
export class Playback implements BatterySource {
  readonly #tracks: readonly Track[];
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #statuses = new Map<string, BatteryStatus>();
  readonly #headers: RecordingHeader[] = [];
  readonly #remarks: string[] = [];
  #start: number | undefined;
  #now = 0;
  #isComplete = false;
  readonly #limits: PlaybackLimits;
  #readings = 0;
  #changes = 0;

  constructor(recordings: readonly RecordingText[], limits: PlaybackLimits = standardLimits) {
    this.#limits = limits;
    this.#tracks = recordings.map((recording) => new Track(recording));
    this.#events.setMaxListeners(0);
  }

  get statuses(): readonly BatteryStatus[] {
    return [...this.#statuses.values()];
  }

  /** The time up to which it was read. */
  now(): number {
    return this.#now;
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#events.on('event', listener);
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) };
  }

  /** When the first of the recordings begins; undefined until that was read. */
  get start(): number | undefined {
    return this.#start;
  }

  /** Everything was read. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The first lines of the recordings, as far as they were read. */
  get headers(): readonly RecordingHeader[] {
    return this.#headers;
  }

  /** What is missing of the recordings, as sentences. */
  get remarks(): readonly string[] {
    return this.#remarks;
  }

  /** Reads all of it. Rejects with a UsageError when something is not a recording, and with the reason of the signal. */
  async load(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all(this.#tracks.map(async (track) => await track.read()));
      const reels = this.#reels();
      let turn = 0;
      for (let reel = earliest(reels); reel; reel = earliest(reels)) {
        if (this.#readings >= this.#limits.readings || this.#changes >= this.#limits.changes) {
          this.#remarks.push(
            `the rest is left out: only ${this.#readings} readings and ${this.#changes} changes are kept, cut the recording into parts`,
          );
          break;
        }
        this.#play(reel);
        if (!reel.track.event) await reel.track.read();
        if (++turn % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
      for (const { name, isTorn } of this.#tracks)
        if (isTorn) this.#remarks.push(`${sanitize(name)} was cut off: its last line is left out`);
      this.#isComplete = true;
    } finally {
      await Promise.allSettled(this.#tracks.map(async (track) => await track.close()));
    }
  }

  /** Parts of one recording are of one battery; others of the same name are told apart by their addresses. */
  #reels(): Reel[] {
    const parts = new Map<string, RecordedBattery>();
    const reels = this.#tracks
      .toSorted((one, other) => startOf(one) - startOf(other))
      .flatMap((track): Reel[] => {
        const { header } = track;
        if (!header) return [];
        this.#headers.push(header);
        const { name, address } = header.device;
        const identity = JSON.stringify([name, address]);
        const battery =
          (header.part !== undefined && parts.get(identity)) ||
          new RecordedBattery(this.#freeName(name ?? address ?? track.name, address), header);
        if (header.part !== undefined) parts.set(identity, battery);
        this.#statuses.set(battery.status.device, battery.status);
        return [{ track, battery, started: startOf(track) }];
      });
    this.#start = Math.min(...reels.map(({ started }) => started));
    this.#now = this.#start;
    return reels;
  }

  #freeName(name: string, address: string | undefined): string {
    const shown = sanitize(name);
    if (!this.#statuses.has(shown)) return shown;
    const other = address === undefined ? shown : `${shown} ${address}`;
    let free = other;
    for (let number = 2; this.#statuses.has(free); number++) free = `${other} ${number}`;
    return free;
  }

  #play({ track, battery, started }: Reel): void {
    const { event } = track;
    if (!event) return;
    track.advance();
    this.#now = Math.max(this.#now, eventTime(event, started));
    for (const each of battery.push(event, started)) {
      if (each.kind === 'reading') this.#readings++;
      else this.#changes++;
      this.#statuses.set(each.status.device, each.status);
      this.#events.emit('event', each);
    }
  }
}

function startOf({ header }: Track): number {
  return header ? Date.parse(header.started) : Infinity;
}

/** The one whose next event comes first. */
function earliest(reels: readonly Reel[]): Reel | undefined {
  let found: Reel | undefined;
  let first = Infinity;
  for (const reel of reels) {
    const { event } = reel.track;
    const time = event ? eventTime(event, reel.started) : Infinity;
    if (time >= first) continue;
    found = reel;
    first = time;
  }
  return found;
}
