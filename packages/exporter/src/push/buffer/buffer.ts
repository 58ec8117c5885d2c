import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { fileReason, lockFolder } from '@ubmsc/base';
import type { Log } from '../../log.ts';
import type { Moment } from '../clock/timeline.ts';
import type { Entry } from './record.ts';
import { Spool, type Place } from './spool.ts';

const decompress = promisify(gunzip);

/** Why samples were never delivered. A closed set: it is a label. */
const dropReasons = {
  overflow: 'the buffer was full',
  refused: 'the endpoint refused their content',
  late: 'the endpoint takes none that old',
  damaged: 'they could not be read from the buffer',
  replaced: 'newer ones took their place, where only the latest count',
  clock: 'nobody knows when they were taken: the clock was wrong, and the machine was started again',
} as const satisfies Readonly<Record<string, string>>;

export type DropReason = keyof typeof dropReasons;

export interface BufferOptions {
  /** Where entries are kept on disk; in memory alone when left out. */
  readonly folder?: string | undefined;
  /** Most bytes in memory and on disk. */
  readonly limits?: { readonly memory: number; readonly disk: number } | undefined;
  /** Whether only the latest entry counts. */
  readonly latestOnly?: boolean | undefined;
  readonly log: Log;
}

/** In bytes. An entry of three batteries takes about 4 kB: a week in minutes on disk, a day in memory. */
const LIMITS = { memory: 8_000_000, disk: 64_000_000 };

/** Most bytes of entries on disk that stay in memory, too: it is read again only after an outage. */
const CACHE = 1_000_000;

/** Faults of the disk are logged once in this time, in milliseconds. */
const QUIET = 3_600_000;

/** An entry that waits: its body is in memory, or on disk, or both. */
interface Waiting extends Omit<Entry, 'body'> {
  body: Buffer | undefined;
  readonly place: Place | undefined;
}

/** An entry with its page in the text format. */
export type Page = Omit<Entry, 'body'> & { readonly text: string };

/**
 * What waits to be pushed, oldest first. It is bounded: when it is full, the oldest go. Where the disk cannot be
 * written, entries stay in memory.
 */
export class PushBuffer {
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly #dropped: Record<DropReason, number>;
  readonly #options: BufferOptions;
  #spool: Spool | undefined;
  #lock: AsyncDisposable | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #held = new Set<number>();
  #last = 0;
  #faults = 0;
  #loggedAt = -Infinity;

  private constructor(options: BufferOptions) {
    this.#options = options;
    this.#dropped = { overflow: 0, refused: 0, late: 0, damaged: 0, replaced: 0, clock: 0 };
    this.dropped = this.#dropped;
  }

  /**
   * Opens the buffer with what an earlier run has left in it. A folder that cannot be used is logged, and memory takes
   * its place.
   * @throws {UsageError} another process has it.
   */
  static async open(options: BufferOptions): Promise<PushBuffer> {
    const buffer = new PushBuffer(options);
    if (options.folder !== undefined) await buffer.#load(options.folder);
    return buffer;
  }

  /** How many samples wait. */
  get samples(): number {
    let sum = 0;
    for (const { samples } of this.#waiting.values()) sum += samples;
    return sum;
  }

  /** When the oldest that wait were taken. */
  get oldest(): Moment | undefined {
    return this.#waiting.values().next().value?.moment;
  }

  /** How often the disk could not be read or written. */
  get faults(): number {
    return this.#faults;
  }

  /** Accepts samples: when it resolves, they are as safe as they get. */
  async add(moment: Moment, samples: number, body: Buffer): Promise<void> {
    if (this.#options.latestOnly) await this.settle([...this.#waiting.keys()], 'replaced');
    const entry = { id: ++this.#last, moment, samples, body };
    const place = await this.#onDisk(async (spool) => await spool.append(entry));
    this.#waiting.set(entry.id, { ...entry, place });
    if (place) await this.#moveToDisk();
    this.#makeRoomInMemory();
    await this.#makeRoomOnDisk();
  }

  /**
   * Takes entries to deliver, the oldest or the newest first, until they have this many samples; at least one. They wait
   * until they are settled. Those that cannot be read are given up.
   */
  async take(order: 'oldest' | 'newest', most: number): Promise<readonly Page[]> {
    const ids = [...this.#waiting.keys()].filter((id) => !this.#held.has(id));
    if (order === 'newest') ids.reverse();
    const pages: Page[] = [];
    let samples = 0;
    for (const id of ids) {
      const waiting = this.#waiting.get(id);
      if (!waiting) continue;
      if (pages.length > 0 && samples + waiting.samples > most) break;
      const text = await this.#read(waiting);
      if (text === undefined) continue;
      samples += waiting.samples;
      pages.push({ id, moment: waiting.moment, samples: waiting.samples, text });
      this.#held.add(id);
      if (samples >= most) break;
    }
    return pages.toSorted((one, other) => one.id - other.id);
  }

  /** Gives entries back that were taken. */
  release(ids: readonly number[]): void {
    for (const id of ids) this.#held.delete(id);
  }

  /** Entries were delivered, or are given up for a reason. That is remembered across restarts. */
  async settle(ids: readonly number[], reason?: DropReason): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.#remove(id, reason);
    await this.#onDisk(async (spool) => await spool.settle(ids, this.#lowest));
  }

  /** Counts samples of entries that are settled without a reason, as those that are refused one by one. */
  count(reason: DropReason, samples: number): void {
    this.#dropped[reason] += samples;
  }

  async close(): Promise<void> {
    await this.#onDisk(async (spool) => await spool.close());
    await this.#lock?.[Symbol.asyncDispose]();
  }

  async #load(folder: string): Promise<void> {
    const spool = new Spool(folder);
    this.#spool = spool;
    const isThere = await this.#onDisk(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return true;
    });
    if (isThere) this.#lock = await lockFolder(folder, 'the buffer');
    const left = isThere && (await this.#onDisk(async () => await spool.load()));
    if (!left) {
      // Its entries are not known, so none may be written between them.
      this.#spool = undefined;
      return;
    }
    for (const found of left.found) this.#waiting.set(found.id, { ...found, body: undefined });
    this.#last = left.last;
    const { log } = this.#options;
    if (left.damaged > 0)
      log('warn', `${left.damaged} damaged lines of ${folder} are now in its damaged.log`);
    if (left.found.length > 0) log('info', `${this.samples} samples in ${folder} wait to be pushed`);
  }

  /** The page of an entry. A disk may return other bytes than it was given. */
  async #read({ id, body, place }: Waiting): Promise<string | undefined> {
    try {
      if (body) return String(await decompress(body));
    } catch {
      // What is on disk may be whole.
    }
    const text =
      place && (await this.#onDisk(async (spool) => String(await decompress(await spool.read(place)))));
    if (text === undefined && this.#waiting.has(id)) await this.settle([id], 'damaged');
    return text;
  }

  /** Entries that came while the disk could not be written are as safe as the others once it can be. */
  async #moveToDisk(): Promise<void> {
    for (const { place: missing, body, ...entry } of this.#waiting.values()) {
      if (missing || !body) continue;
      const place = await this.#onDisk(async (spool) => await spool.append({ ...entry, body }));
      if (!place) return;
      if (this.#waiting.has(entry.id)) this.#waiting.set(entry.id, { ...entry, body, place });
      // It was delivered meanwhile.
      else await this.#onDisk(async (spool) => await spool.settle([entry.id], this.#lowest));
    }
  }

  /** The first entry that still waits. */
  get #lowest(): number {
    return this.#waiting.keys().next().value ?? this.#last + 1;
  }

  /** The oldest go first: what is newest matters most. What is on disk can be read again. */
  #makeRoomInMemory(): void {
    const { memory } = this.#options.limits ?? LIMITS;
    const inMemory = [...this.#waiting.values()].filter(({ body }) => body);
    const size = (of: readonly Waiting[]): number =>
      of.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
    const cached = inMemory.filter(({ place }) => place);
    let cache = size(cached);
    for (const waiting of cached) {
      if (cache <= Math.min(CACHE, memory)) break;
      cache -= waiting.body?.length ?? 0;
      waiting.body = undefined;
    }
    const only = inMemory.filter(({ place }) => !place);
    let total = size(only);
    for (const waiting of only) {
      if (total <= memory) break;
      total -= waiting.body?.length ?? 0;
      if (!this.#held.has(waiting.id)) this.#remove(waiting.id, 'overflow');
    }
  }

  async #makeRoomOnDisk(): Promise<void> {
    const { disk } = this.#options.limits ?? LIMITS;
    while (this.#spool && this.#spool.size > disk) {
      const ids = await this.#onDisk(async (spool) => await spool.removeOldest());
      if (ids === undefined) break;
      // Those that are being delivered are in memory.
      for (const id of ids) if (!this.#held.has(id)) this.#remove(id, 'overflow');
    }
  }

  #remove(id: number, reason: DropReason | undefined): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.#held.delete(id);
    if (reason) this.#dropped[reason] += waiting.samples;
  }

  /** Works on the disk, where there is one. A fault is counted, and logged when it is the first for an hour. */
  async #onDisk<T>(work: (spool: Spool) => Promise<T>): Promise<T | undefined> {
    if (!this.#spool) return undefined;
    try {
      return await work(this.#spool);
    } catch (error) {
      this.#faults++;
      const now = performance.now();
      if (now - this.#loggedAt >= QUIET) {
        const text = `the buffer ${this.#options.folder} cannot be used: ${fileReason(error)}`;
        this.#options.log('error', `${text}; samples wait in memory`);
        this.#loggedAt = now;
      }
      return undefined;
    }
  }
}
