import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** One page of metrics that waits to be pushed. */
export interface Entry {
  /** Counts up from 1, across restarts. */
  readonly id: number;
  /** When the samples were taken, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** How many samples there are. */
  readonly samples: number;
  /** The samples in the text format, compressed with gzip. */
  readonly body: Buffer;
}

/** A file with entries, one a line. */
interface Segment {
  readonly file: string;
  /** The last entry in it; 0 when there is none. */
  last: number;
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
  /** How many lines mean nothing. */
  readonly damaged: number;
}

/** A segment that has grown to this is closed, in bytes. */
const SEGMENT_SIZE = 1_000_000;

const POSITION = 'acknowledged.json';

/**
 * Entries in a folder: lines of JSON in files that are only appended to, each written through to the disk. A crash
 * leaves at most one torn line, at the end of a file: an entry that was not accepted yet. Up to which entry all were
 * delivered stands in a file of its own, which is replaced at once.
 */
export class Spool {
  readonly #folder: string;
  #segments: Segment[] = [];
  #current: { readonly segment: Segment; readonly handle: FileHandle } | undefined;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How much all segments take, in bytes. */
  get size(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  /** Makes the folder, and reads what an earlier run has left there. Call it once, first. */
  async load(): Promise<Left> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const acknowledged = await this.#acknowledged();
    const found: Found[] = [];
    let last = acknowledged;
    let damaged = 0;
    const names = (await readdir(this.#folder)).filter((name) => /^\d+\.jsonl$/.test(name));
    for (const name of names.toSorted()) {
      const content = await readFile(join(this.#folder, name));
      const segment = { file: join(this.#folder, name), last: 0, size: content.length };
      for (const { line, offset } of wholeLines(content)) {
        const entry = parseEntry(line.toString('utf8'));
        if (!entry || entry.id <= segment.last) {
          damaged++;
          continue;
        }
        segment.last = entry.id;
        last = Math.max(last, entry.id);
        const { id, time, samples } = entry;
        const place = { segment, offset, length: line.length };
        if (id > acknowledged) found.push({ id, time, samples, place });
      }
      this.#segments.push(segment);
    }
    await this.#removeUpTo(acknowledged);
    return { found, last, damaged };
  }

  /** Accepts an entry: when it resolves, the entry outlives the process, and a loss of power. */
  async append(entry: Entry): Promise<Place> {
    return await this.#alone(async () => {
      const { segment, handle } = await this.#open(entry.id);
      const line = Buffer.from(`${JSON.stringify({ ...entry, body: entry.body.toString('base64') })}\n`);
      const offset = segment.size;
      try {
        await handle.appendFile(line);
        await handle.datasync();
      } catch (error) {
        // What is behind the last whole line would damage the next one.
        this.#current = undefined;
        await handle.truncate(offset).catch(() => {});
        await handle.close().catch(() => {});
        throw error;
      }
      segment.size += line.length;
      segment.last = entry.id;
      return { segment, offset, length: line.length - 1 };
    });
  }

  /** The body of an entry. */
  async read({ segment, offset, length }: Place): Promise<Buffer> {
    await using handle = await open(segment.file, 'r');
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, offset);
    const entry = parseEntry(bytes.toString('utf8'));
    if (!entry) throw new Error(`${segment.file} was changed`);
    return entry.body;
  }

  /** Remembers that all entries up to this one were delivered, or are given up. */
  async acknowledge(id: number): Promise<void> {
    await this.#alone(async () => {
      const file = join(this.#folder, POSITION);
      {
        await using handle = await open(`${file}.new`, 'w', 0o600);
        await handle.writeFile(`${JSON.stringify({ id })}\n`);
        await handle.datasync();
      }
      await rename(`${file}.new`, file);
      await this.#removeUpTo(id);
    });
  }

  /** Removes the oldest segment, and says which entry was the last in it; undefined when only one is left. */
  async removeOldest(): Promise<number | undefined> {
    return await this.#alone(async () => {
      const [oldest] = this.#segments;
      if (!oldest || oldest === this.#current?.segment) return undefined;
      this.#segments.shift();
      await rm(oldest.file, { force: true });
      return oldest.last;
    });
  }

  async close(): Promise<void> {
    await this.#alone(async () => {
      await this.#current?.handle.close();
      this.#current = undefined;
    });
  }

  /** One thing after the other: entries are appended while others are acknowledged. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => {});
    return await done;
  }

  /** The segment that is appended to, or a new one whose first entry will be this. */
  async #open(id: number): Promise<{ readonly segment: Segment; readonly handle: FileHandle }> {
    if (this.#current && this.#current.segment.size < SEGMENT_SIZE) return this.#current;
    await this.#current?.handle.close();
    this.#current = undefined;
    const file = join(this.#folder, `${String(id).padStart(12, '0')}.jsonl`);
    const handle = await open(file, 'w', 0o600);
    this.#segments = this.#segments.filter((segment) => segment.file !== file);
    const segment = { file, last: 0, size: 0 };
    this.#segments.push(segment);
    this.#current = { segment, handle };
    return this.#current;
  }

  async #removeUpTo(id: number): Promise<void> {
    const done = this.#segments.filter((segment) => segment.last <= id && segment !== this.#current?.segment);
    for (const { file } of done) await rm(file, { force: true });
    this.#segments = this.#segments.filter((segment) => !done.includes(segment));
  }

  async #acknowledged(): Promise<number> {
    try {
      const position: unknown = JSON.parse(await readFile(join(this.#folder, POSITION), 'utf8'));
      const id = isObject(position) ? position['id'] : undefined;
      return isCount(id) ? id : 0;
    } catch {
      return 0; // There is none yet.
    }
  }
}

/** The lines that end; what is behind the last end was not written to its end. */
function* wholeLines(content: Buffer): Generator<{ readonly line: Buffer; readonly offset: number }> {
  let offset = 0;
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, offset)) {
    yield { line: content.subarray(offset, end), offset };
    offset = end + 1;
  }
}

function parseEntry(line: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { id, time, samples, body } = value;
  if (!isCount(id) || !isCount(time) || !isCount(samples) || typeof body !== 'string') return undefined;
  return { id, time, samples, body: Buffer.from(body, 'base64') };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
