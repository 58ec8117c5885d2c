import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftOver, replaceFile, syncFolder } from '@ubmsc/base';
import { IdRanges } from './id-ranges.ts';
import { formatRecord, parseRecord, sealed, unsealed, type Entry } from './record.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** A file with entries. */
interface Segment {
  readonly file: string;
  /** Entries in it that are not settled. */
  readonly ids: Set<number>;
  /** In bytes. */
  size: number;
}

/** Where an entry stands. */
export interface Place {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

/** An entry whose body stays in the file. */
export type Found = Omit<Entry, 'body'> & { readonly place: Place };

/** What an earlier run has left. */
export interface Left {
  readonly found: readonly Found[];
  /** The last entry that there ever was. */
  readonly last: number;
  /** How many lines were damaged. They are in `damaged.log`. */
  readonly damaged: number;
}

/** A segment that has grown to this is closed, in bytes. */
const SEGMENT_SIZE = 1_000_000;

/** Most that is kept of damaged lines, in bytes. */
const DAMAGED_SIZE = 1_000_000;

/** The entries that were settled, with a checksum. */
const SETTLED = 'settled';

/** The last entry that was settled, as version 0.1.0 wrote it. */
const EARLIER_SETTLED = 'acknowledged.json';

const DAMAGED = 'damaged.log';

/**
 * Entries in a folder: lines in files that are only appended to, each written through to the disk. A crash leaves at
 * most one torn line, at the end of a file: an entry that was not accepted yet. Which entries are settled stands in a
 * file of its own. Only one process may use a folder: the caller locks it before it calls {@link load}.
 */
export class Spool {
  readonly #folder: string;
  #segments: Segment[] = [];
  #current: { readonly segment: Segment; readonly handle: FileHandle } | undefined;
  #settled = new IdRanges();
  #busy: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How much all segments take, in bytes. */
  get size(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  /** Reads what an earlier run has left. Call it once, first. */
  async load(): Promise<Left> {
    this.#settled = await this.#readSettled();
    const found = new Map<number, Found>();
    let damaged = 0;
    const files = await readdir(this.#folder, { withFileTypes: true });
    // A link may lead anywhere: what it leads to is not read, and what removes it does not follow it.
    const names = files.filter((file) => file.isFile()).map(({ name }) => name);
    for (const name of names.filter(isLeftOver)) await rm(join(this.#folder, name), { force: true });
    for (const name of names.filter((each) => /^\d+\.(samples|jsonl)$/.test(each)).toSorted()) {
      damaged += await this.#loadSegment(join(this.#folder, name), found);
    }
    await this.#removeSettled();
    const left = [...found.values()].toSorted((one, other) => one.id - other.id);
    return { found: left, last: Math.max(this.#settled.last, left.at(-1)?.id ?? 0), damaged };
  }

  /** Accepts an entry: when it resolves, the entry outlives the process, and a loss of power. */
  async append(entry: Entry): Promise<Place> {
    return await this.#alone(async () => {
      const { segment, handle } = await this.#open(entry.id);
      const line = formatRecord(entry);
      const offset = segment.size;
      try {
        await handle.appendFile(line);
        await handle.datasync();
      } catch (error) {
        await this.#close();
        await this.#undo(segment, offset);
        throw error;
      }
      segment.size += line.length;
      segment.ids.add(entry.id);
      return { segment, offset: offset + 1, length: line.length - 2 };
    });
  }

  /**
   * The body of an entry.
   * @throws Error the file is gone, or was changed.
   */
  async read({ segment, offset, length }: Place): Promise<Buffer> {
    await using handle = await open(segment.file, O_RDONLY | O_NOFOLLOW);
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, offset);
    const entry = parseRecord(bytes.toString('utf8'));
    if (!entry) throw new Error(`${segment.file} was changed`);
    return entry.body;
  }

  /** Remembers that entries were delivered, or are given up. `lowest` is the first that still waits. */
  async settle(ids: readonly number[], lowest: number): Promise<void> {
    await this.#alone(async () => {
      this.#settled.add(ids);
      this.#settled.fillBelow(lowest);
      for (const { ids: inSegment } of this.#segments) for (const id of ids) inSegment.delete(id);
      try {
        await replaceFile(join(this.#folder, SETTLED), sealed(String(this.#settled)));
      } finally {
        // A full disk takes no new file, and these make room.
        await this.#removeSettled();
      }
    });
  }

  /** Removes the oldest segment, and says which entries were in it; undefined when only one is left. */
  async removeOldest(): Promise<readonly number[] | undefined> {
    return await this.#alone(async () => {
      const [oldest] = this.#segments;
      if (!oldest || oldest === this.#current?.segment) return undefined;
      this.#segments.shift();
      await rm(oldest.file, { force: true });
      return [...oldest.ids];
    });
  }

  async close(): Promise<void> {
    await this.#alone(async () => await this.#close());
  }

  /** One thing after the other: entries are appended while others are settled. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => {});
    return await done;
  }

  /** Adds what is in a segment. Returns how many lines were damaged; they are moved to a file of their own. */
  async #loadSegment(file: string, found: Map<number, Found>): Promise<number> {
    const content = await readFile(file);
    const segment: Segment = { file, ids: new Set(), size: content.length };
    const damaged: Buffer[] = [];
    for (const { line, offset } of wholeLines(content)) {
      const entry = parseRecord(line.toString('utf8'));
      if (!entry) damaged.push(line);
      else if (!this.#settled.has(entry.id) && !found.has(entry.id)) {
        const { id, moment, samples } = entry;
        segment.ids.add(id);
        found.set(id, { id, moment, samples, place: { segment, offset, length: line.length } });
      }
    }
    this.#segments.push(segment);
    if (damaged.length > 0) await this.#quarantine(segment, content, damaged).catch(() => {});
    return damaged.length;
  }

  /** Moves damaged lines out of the way. Where they were there are line ends, so that no other line moves. */
  async #quarantine({ file }: Segment, content: Buffer, damaged: readonly Buffer[]): Promise<void> {
    const quarantine = join(this.#folder, DAMAGED);
    const existing = await lstat(quarantine).catch(() => undefined);
    if (!existing || (existing.isFile() && existing.size < DAMAGED_SIZE)) {
      const lines = damaged.map((line) => `${line.toString('latin1')}\n`).join('');
      await using handle = await open(quarantine, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
      await handle.appendFile(lines, { encoding: 'latin1' });
    }
    for (const line of damaged) line.fill('\n'); // They are parts of the content.
    await replaceFile(file, content);
  }

  /** The segment that is appended to, or a new one whose first entry will be this. */
  async #open(id: number): Promise<{ readonly segment: Segment; readonly handle: FileHandle }> {
    if (this.#current && this.#current.segment.size < SEGMENT_SIZE) {
      // A file that somebody has removed takes what is written along.
      const { nlink } = await this.#current.handle.stat();
      if (nlink > 0) return this.#current;
      this.#segments = this.#segments.filter((segment) => segment !== this.#current?.segment);
    }
    await this.#close();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, `${String(id).padStart(12, '0')}.samples`);
    const handle = await open(file, 'ax', 0o600);
    await syncFolder(this.#folder);
    const segment: Segment = { file, ids: new Set(), size: 0 };
    this.#segments.push(segment);
    this.#current = { segment, handle };
    return this.#current;
  }

  async #close(): Promise<void> {
    const { handle } = this.#current ?? {};
    this.#current = undefined;
    await handle?.close().catch(() => {});
  }

  /** Takes back what was not written to its end: the next line would be damaged. */
  async #undo(segment: Segment, size: number): Promise<void> {
    if (size === 0) {
      this.#segments = this.#segments.filter((each) => each !== segment);
      await rm(segment.file, { force: true }).catch(() => {});
      return;
    }
    await using handle = await open(segment.file, O_RDWR | O_NOFOLLOW).catch(() => undefined);
    await handle?.truncate(size).catch(() => {});
  }

  async #removeSettled(): Promise<void> {
    const done = this.#segments.filter(
      (segment) => segment.ids.size === 0 && segment !== this.#current?.segment,
    );
    for (const { file } of done) await rm(file, { force: true });
    this.#segments = this.#segments.filter((segment) => !done.includes(segment));
  }

  /** What cannot be read means that everything is delivered again: twice is better than never. */
  async #readSettled(): Promise<IdRanges> {
    try {
      const content = unsealed(await readFile(join(this.#folder, SETTLED), 'utf8'));
      if (content !== undefined) return IdRanges.parse(content);
      return new IdRanges();
    } catch {
      const earlier = await readFile(join(this.#folder, EARLIER_SETTLED), 'utf8').catch(() => '');
      const [, id] = /^\{"id":(\d+)\}\n$/.exec(earlier) ?? [];
      return id === undefined || id === '0' ? new IdRanges() : IdRanges.parse(`1-${id}`);
    }
  }
}

/** The lines that end and are not empty; what follows the last end was not written to its end. */
function* wholeLines(content: Buffer): Generator<{ readonly line: Buffer; readonly offset: number }> {
  let offset = 0;
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, offset)) {
    if (end > offset) yield { line: content.subarray(offset, end), offset };
    offset = end + 1;
  }
}
