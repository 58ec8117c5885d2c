import type { Log } from '../log.ts';
import { lockFolder } from './lock-folder.ts';
import { decompressed } from './samples.ts';
import { Spool, type Entry, type Place } from './spool.ts';

/** Why samples were never delivered. A closed set: it is a label. */
export const dropReasons = {
  overflow: 'the buffer was full',
  refused: 'the endpoint refused them',
  damaged: 'they could not be read from the buffer',
  replaced: 'newer ones took their place, where only the latest count',
} as const satisfies Readonly<Record<string, string>>;

export type DropReason = keyof typeof dropReasons;

export interface QueueOptions {
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

/** An entry that waits: its body is in memory, or on disk. */
interface Waiting extends Omit<Entry, 'body'> {
  readonly body: Buffer | undefined;
  readonly place: Place | undefined;
}

/**
 * What waits to be pushed, oldest first. It is bounded: when it is full, the oldest go. Where the disk cannot be
 * written, entries stay in memory.
 */
export class PushQueue {
  readonly dropped: Record<DropReason, number> = { overflow: 0, refused: 0, damaged: 0, replaced: 0 };
  readonly #options: QueueOptions;
  #spool: Spool | undefined;
  #lock: AsyncDisposable | undefined;
  #waiting: Waiting[] = [];
  #last = 0;
  #bufferErrors = 0;
  #failed = false;

  private constructor(options: QueueOptions) {
    this.#options = options;
  }

  /**
   * Opens the buffer with what an earlier run has left in it. One that cannot be read is logged, and memory takes its
   * place.
   * @throws {UsageError} another process has it.
   */
  static async open(options: QueueOptions): Promise<PushQueue> {
    const queue = new PushQueue(options);
    if (options.folder !== undefined) await queue.#load(options.folder);
    return queue;
  }

  /** How many samples wait. */
  get samples(): number {
    return this.#waiting.reduce((sum, { samples }) => sum + samples, 0);
  }

  /** When the oldest that wait were taken, in milliseconds since 1970-01-01 UTC. */
  get oldest(): number | undefined {
    return this.#waiting[0]?.time;
  }

  /** How often the disk could not be read or written. */
  get bufferErrors(): number {
    return this.#bufferErrors;
  }

  /** Accepts samples: when it resolves, they are as safe as they get. */
  async add(time: number, samples: number, body: Buffer): Promise<void> {
    if (this.#options.latestOnly && this.#waiting.length > 0) await this.settle(this.#last, 'replaced');
    const entry = { id: ++this.#last, time, samples, body };
    const place = await this.#onDisk(async (spool) => await spool.append(entry));
    this.#waiting.push({ ...entry, body: place ? undefined : body, place });
    await this.#makeRoom();
  }

  /** The oldest entries, at most so many, and of so many bytes together when there is more than one. */
  async next(most: number, bytes: number): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    let size = 0;
    for (const waiting of this.#waiting.slice(0, most)) {
      const body = waiting.body ?? (await this.#read(waiting));
      if (!body) continue;
      size += body.length;
      if (entries.length > 0 && size > bytes) break;
      entries.push({ ...waiting, body });
    }
    return entries;
  }

  /** Everything up to this entry was delivered, or is given up for a reason. That is remembered across restarts. */
  async settle(id: number, reason?: DropReason): Promise<void> {
    for (const waiting of this.#waiting.filter((each) => each.id <= id)) this.#takeOut(waiting, reason);
    await this.#onDisk(async (spool) => await spool.acknowledge(id));
  }

  async close(): Promise<void> {
    await this.#onDisk(async (spool) => await spool.close());
    await this.#lock?.[Symbol.asyncDispose]();
  }

  async #load(folder: string): Promise<void> {
    const spool = new Spool(folder);
    this.#spool = spool;
    const left = await this.#onDisk(async () => await spool.load());
    if (!left) {
      // Its entries are not known, so none may be written between them.
      this.#spool = undefined;
      return;
    }
    this.#lock = await lockFolder(folder);
    this.#waiting = left.found.map((found) => ({ ...found, body: undefined }));
    this.#last = left.last;
    const { log } = this.#options;
    if (left.damaged > 0) log('warn', `${left.damaged} lines of ${folder} are damaged and left out`);
    if (left.found.length > 0) log('info', `${this.samples} samples in ${folder} wait to be pushed`);
  }

  async #read(waiting: Waiting): Promise<Buffer | undefined> {
    const { place } = waiting;
    const body =
      place &&
      (await this.#onDisk(async (spool) => {
        const read = await spool.read(place);
        await decompressed(read); // A disk may return other bytes than it was given.
        return read;
      }));
    if (!body && this.#waiting.includes(waiting)) this.#takeOut(waiting, 'damaged');
    return body;
  }

  /** The oldest go first: what is newest matters most. */
  async #makeRoom(): Promise<void> {
    const limits = this.#options.limits ?? LIMITS;
    const inMemory = this.#waiting.filter(({ body }) => body);
    let size = inMemory.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
    for (const waiting of inMemory) {
      if (size <= limits.memory) break;
      size -= waiting.body?.length ?? 0;
      this.#takeOut(waiting, 'overflow');
    }
    while (this.#spool && this.#spool.size > limits.disk) {
      const last = await this.#onDisk(async (spool) => await spool.removeOldest());
      if (last === undefined) break;
      const gone = this.#waiting.filter(({ id, place }) => place && id <= last);
      for (const waiting of gone) this.#takeOut(waiting, 'overflow');
    }
  }

  #takeOut(waiting: Waiting, reason: DropReason | undefined): void {
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
    if (reason) this.dropped[reason] += waiting.samples;
  }

  /** Works on the disk, where there is one. A fault is counted, and logged when it is the first in a row. */
  async #onDisk<T>(work: (spool: Spool) => Promise<T>): Promise<T | undefined> {
    if (!this.#spool) return undefined;
    try {
      const result = await work(this.#spool);
      this.#failed = false;
      return result;
    } catch (error) {
      this.#bufferErrors++;
      const text = `the buffer ${this.#options.folder} cannot be used: ${String(error)}`;
      if (!this.#failed) this.#options.log('error', `${text}; samples wait in memory`);
      this.#failed = true;
      return undefined;
    }
  }
}
