import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeColumn, encodeColumn } from './column-codec.ts';
import { isHeader, type BlockHeader, type Piece } from './block-header.ts';
import type { Column, Table } from './table.ts';

/** `UBH1`: begins every block. */
const MAGIC = 0x31484255;

/** Magic, length of the header, length of the body, CRC-32 of the lengths and the header. */
const PREFIX = 16;

/** Longer headers and bodies are not read, in bytes. */
const LONGEST = { header: 4_000_000, body: 64_000_000 };

/** What the damage of times and counts is called. */
const TIMES = 'time';

/** What a block has besides its table. */
export type BlockOrigin = Pick<BlockHeader, 'battery' | 'generations' | 'events'>;

/** A block in memory: columns are decoded when they are asked for. */
export interface Block {
  readonly header: BlockHeader;
  readonly body: Uint8Array;
}

/** Writes a table as a block, which can be read without anything else. */
export function encodeBlock(table: Table, origin: BlockOrigin): Buffer {
  const pieces: Buffer[] = [];
  const written = (bytes: Buffer): Piece => {
    pieces.push(bytes);
    return [bytes.length, crc32(bytes)];
  };
  const { times, counts } = table;
  const header: BlockHeader = {
    ...origin,
    rows: times.length,
    span: [Math.min(...extremes(times)), Math.max(...extremes(times))],
    times: written(encodeColumn(times, 1)),
    counts: counts && written(encodeColumn(counts, 1)),
    columns: Object.fromEntries(
      [...table.columns].map(([name, { kind, divisor, words, value, min, max, last }]) => {
        const more = (values: Float64Array | undefined): Piece | undefined =>
          values && written(encodeColumn(values, divisor, value));
        const parts = {
          value: written(encodeColumn(value, divisor)),
          min: more(min),
          max: more(max),
          last: more(last),
        };
        return [name, { kind, divisor, words: words && [...words], parts }];
      }),
    ),
  };
  const text = deflateRawSync(JSON.stringify(header), { level: 9 });
  const body = Buffer.concat(pieces);
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(MAGIC, 0);
  prefix.writeUInt32LE(text.length, 4);
  prefix.writeUInt32LE(body.length, 8);
  prefix.writeUInt32LE(crc32(text, crc32(prefix.subarray(4, 12))), 12);
  return Buffer.concat([prefix, text, body]);
}

function extremes(times: Float64Array): readonly [number, number] {
  let [least, largest] = [Infinity, -Infinity];
  for (const time of times) {
    if (time < least) least = time;
    if (time > largest) largest = time;
  }
  return times.length === 0 ? [0, 0] : [least, largest];
}

/** What is in a file of blocks. */
export interface Blocks {
  readonly blocks: readonly Block[];
  /** Where something else stands: a torn block at the end, or damage. */
  readonly damage: readonly Damage[];
  /** Where the last whole block ends. */
  readonly end: number;
}

export interface Damage {
  readonly offset: number;
  readonly length: number;
}

/** Finds the blocks in the bytes of a file. Damage ends at the next block whose header is intact. */
export function readBlocks(bytes: Buffer): Blocks {
  const blocks: Block[] = [];
  const damage: Damage[] = [];
  let at = 0;
  let end = 0;
  while (at < bytes.length) {
    const found = blockAt(bytes, at);
    if (found) {
      blocks.push(found.block);
      at = end = found.end;
      continue;
    }
    const next = nextBlock(bytes, at + 1);
    damage.push({ offset: at, length: next - at });
    at = next;
  }
  return { blocks, damage, end };
}

function nextBlock(bytes: Buffer, from: number): number {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC);
  for (let at = bytes.indexOf(magic, from); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    if (blockAt(bytes, at)) return at;
  }
  return bytes.length;
}

function blockAt(bytes: Buffer, at: number): { readonly block: Block; readonly end: number } | undefined {
  if (bytes.length - at < PREFIX || bytes.readUInt32LE(at) !== MAGIC) return undefined;
  const headerLength = bytes.readUInt32LE(at + 4);
  const bodyLength = bytes.readUInt32LE(at + 8);
  const body = at + PREFIX + headerLength;
  const end = body + bodyLength;
  if (headerLength > LONGEST.header || bodyLength > LONGEST.body || end > bytes.length) return undefined;
  const text = bytes.subarray(at + PREFIX, body);
  if (crc32(text, crc32(bytes.subarray(at + 4, at + 12))) !== bytes.readUInt32LE(at + 12)) return undefined;
  const header = parseHeader(text);
  return header && { block: { header, body: bytes.subarray(body, end) }, end };
}

function parseHeader(deflated: Buffer): BlockHeader | undefined {
  try {
    const text = inflateRawSync(deflated, { maxOutputLength: LONGEST.header });
    const header: unknown = JSON.parse(text.toString('utf8'));
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined; // The CRC fits by chance.
  }
}

/** A table of a block, and what of it was damaged and is left out. */
export interface DecodedBlock {
  /** Undefined when the times themselves are damaged. */
  readonly table: Table | undefined;
  /** Names of damaged columns. */
  readonly damaged: readonly string[];
}

/**
 * Decodes those columns of a block that are asked for, without the last values of gauges where nobody wants them. A column
 * whose CRC is wrong is absent.
 */
export function decodeBlock(
  { header, body }: Block,
  isAsked: (name: string) => boolean,
  { withLast = true }: { readonly withLast?: boolean } = {},
): DecodedBlock {
  const damaged = new Set<string>();
  let at = 0;
  /** The next piece of the body. */
  const read = (
    name: string,
    piece: Piece,
    divisor: number,
    base?: Float64Array,
  ): Float64Array | undefined => {
    const [length, crc] = piece;
    const bytes = body.subarray(at, (at += length));
    if (name !== TIMES && !isAsked(name)) return undefined;
    try {
      if (bytes.length === length && crc32(bytes) === crc)
        return decodeColumn(bytes, header.rows, divisor, base);
    } catch {
      // The CRC fits by chance.
    }
    damaged.add(name);
    return undefined;
  };
  const skipped = (piece: Piece | undefined): undefined => void (at += piece?.[0] ?? 0);
  const times = read(TIMES, header.times, 1);
  const counts = header.counts && read(TIMES, header.counts, 1);
  const columns = new Map<string, Column>();
  for (const [name, { kind, divisor, words, parts: places }] of Object.entries(header.columns)) {
    const value = read(name, places.value, divisor);
    const more = (piece: Piece | undefined): Float64Array | undefined =>
      piece && read(name, piece, divisor, value);
    const [min, max] = [more(places.min), more(places.max)];
    const last = withLast ? more(places.last) : skipped(places.last);
    if (value && !damaged.has(name)) columns.set(name, { kind, divisor, words, value, min, max, last });
  }
  const isIntact = times && !damaged.has(TIMES);
  return { table: isIntact ? { times, counts, columns } : undefined, damaged: [...damaged] };
}
