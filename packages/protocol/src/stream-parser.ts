import { FRAME_HEADER, FRAME_LENGTH, recordName, toFrame, type Frame } from './frame.ts';
import { decodeRequest, heartbeat, REQUEST_HEADER, REQUEST_LENGTH, type Request } from './request.ts';

/**
 * Why bytes were thrown away: they belong to no message, to a record whose type or checksum is wrong or within which
 * another one begins, to an acknowledge or echoed request whose checksum is wrong, or to a message that never became
 * complete.
 */
export type DiscardReason =
  'noise' | 'record-type' | 'checksum' | 'spliced' | 'request-checksum' | 'truncated';

/** What the stream parser found, in the order of the stream. `offset` counts bytes since the stream began. */
export type StreamItem =
  | { readonly kind: 'frame'; readonly offset: number; readonly frame: Frame }
  /** 20 bytes in the form of a request: the acknowledge, or an echo of what was written. */
  | ({ readonly kind: 'request'; readonly offset: number } & Request)
  | { readonly kind: 'heartbeat'; readonly offset: number }
  | {
      readonly kind: 'discarded';
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly reason: DiscardReason;
    };

/** Longest run of noise that is reported as one item; bounds the memory that noise can take. */
const NOISE_RUN = 1024;

const CAPACITY = 4096;

/** Pieces of at most this length are copied byte by byte. */
const SHORT = 32;

const NOTHING: readonly StreamItem[] = [];

/**
 * Cuts the byte stream of one connection into messages (reference, section 2.3). Where a notification ends has
 * no meaning: every chunking of the same bytes gives the same items. Never throws; memory is bounded.
 *
 * A record with a wrong checksum loses only its first byte before the search goes on, so that a cut-off record
 * does not take the good one that follows along.
 */
export class StreamParser {
  readonly #buffer = new Uint8Array(CAPACITY);
  /** Bytes from `#noiseStart` to `#start` are noise not yet reported; those up to `#end` are not yet understood. */
  #noiseStart = 0;
  #start = 0;
  #end = 0;
  /** Stream offset of `#buffer[0]`. */
  #base = 0;
  #noiseReason: DiscardReason = 'noise';
  /** How many bytes from `#start` on the message has that waits for its rest; 0 when it is not known yet. */
  #wanted = 0;

  /** Takes the next bytes of the stream and returns what they complete. */
  push(chunk: Uint8Array): readonly StreamItem[] {
    // Most notifications are the middle of a record: there is nothing to look at before it is complete.
    if (this.#end - this.#start + chunk.length < this.#wanted && this.#end + chunk.length <= CAPACITY) {
      this.#append(chunk);
      return NOTHING;
    }
    const items: StreamItem[] = [];
    for (let taken = 0; taken < chunk.length;) {
      if (this.#end === CAPACITY) this.#compact();
      const part = chunk.subarray(taken, taken + CAPACITY - this.#end);
      this.#append(part);
      taken += part.length;
      this.#parse(items);
    }
    return items;
  }

  /** Ends the stream, or gives up on a message that has stalled: reports the rest as discarded. */
  end(): readonly StreamItem[] {
    const items: StreamItem[] = [];
    this.#flushNoise(items);
    if (this.#end > this.#start) {
      items.push(this.#discarded(this.#start, this.#end, 'truncated'));
      this.#start = this.#noiseStart = this.#end;
    }
    this.#wanted = 0;
    return items;
  }

  /** Another parser that has read the same so far. */
  copy(): StreamParser {
    const copy = new StreamParser();
    copy.#buffer.set(this.#buffer);
    copy.#noiseStart = this.#noiseStart;
    copy.#start = this.#start;
    copy.#end = this.#end;
    copy.#base = this.#base;
    copy.#noiseReason = this.#noiseReason;
    copy.#wanted = this.#wanted;
    return copy;
  }

  /** How many bytes wait for the rest of their message. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** A call to `set` costs more than the few bytes of the smallest notification. */
  #append(chunk: Uint8Array): void {
    if (chunk.length > SHORT) this.#buffer.set(chunk, this.#end);
    else
      for (let index = 0; index < chunk.length; index++) this.#buffer[this.#end + index] = chunk[index] ?? 0;
    this.#end += chunk.length;
  }

  #parse(items: StreamItem[]): void {
    this.#wanted = 0;
    while (this.#end > this.#start) {
      const available = this.#end - this.#start;
      const kind = this.#kindAtStart(available);
      if (kind === undefined) {
        this.#skip('noise', items);
        continue;
      }
      // A wrong type is known long before the record is complete, and what follows may be a good one.
      if (kind === 'frame' && available <= 4) return;
      if (kind === 'frame' && recordName(this.#buffer[this.#start + 4]) === undefined) {
        this.#skip('record-type', items);
        continue;
      }
      const length = messages[kind].length;
      if (available < length) {
        this.#wanted = length;
        return;
      }
      const item = this.#take(kind, this.#buffer.subarray(this.#start, this.#start + length));
      if (typeof item === 'string') {
        this.#skip(item, items);
        continue;
      }
      this.#flushNoise(items);
      items.push(item);
      this.#start += length;
      this.#noiseStart = this.#start;
    }
  }

  /** Which message begins at `#start`, as far as can be told from the bytes that are here. */
  #kindAtStart(available: number): keyof typeof messages | undefined {
    for (const kind of messageKinds) {
      const { prefix } = messages[kind];
      const known = Math.min(available, prefix.length);
      let index = 0;
      while (index < known && this.#buffer[this.#start + index] === prefix[index]) index++;
      if (index === known) return kind;
    }
    return undefined;
  }

  #take(kind: keyof typeof messages, bytes: Uint8Array): StreamItem | DiscardReason {
    const offset = this.#base + this.#start;
    switch (kind) {
      case 'heartbeat':
        return { kind, offset };
      case 'request': {
        const request = decodeRequest(bytes);
        return request ? { kind, offset, ...request } : 'request-checksum';
      }
      case 'frame': {
        const frame = toFrame(bytes.slice());
        if (typeof frame === 'string') return 'checksum';
        return containsHeader(frame.bytes) ? 'spliced' : { kind, offset, frame };
      }
    }
  }

  /** Gives up on the byte at `#start`. Noise keeps the reason of the byte that it began with. */
  #skip(reason: DiscardReason, items: StreamItem[]): void {
    if (reason !== 'noise') this.#flushNoise(items);
    if (this.#noiseStart === this.#start) this.#noiseReason = reason;
    this.#start++;
    if (this.#start - this.#noiseStart >= NOISE_RUN) this.#flushNoise(items);
  }

  #flushNoise(items: StreamItem[]): void {
    if (this.#start > this.#noiseStart) {
      items.push(this.#discarded(this.#noiseStart, this.#start, this.#noiseReason));
    }
    this.#noiseStart = this.#start;
    this.#noiseReason = 'noise';
  }

  #discarded(start: number, end: number, reason: DiscardReason): StreamItem {
    return { kind: 'discarded', offset: this.#base + start, bytes: this.#buffer.slice(start, end), reason };
  }

  #compact(): void {
    this.#buffer.copyWithin(0, this.#noiseStart, this.#end);
    this.#base += this.#noiseStart;
    this.#start -= this.#noiseStart;
    this.#end -= this.#noiseStart;
    this.#noiseStart = 0;
  }
}

/**
 * Whether another record begins within these bytes: then the first one was cut off, and the checksum, which one
 * such pair in 256 passes, is that of the second.
 */
export function containsHeader(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(FRAME_HEADER[0], 1); at > 0; at = bytes.indexOf(FRAME_HEADER[0], at + 1)) {
    const isHeader = FRAME_HEADER.every((byte, index) => bytes[at + index] === byte);
    if (isHeader && recordName(bytes[at + FRAME_HEADER.length]) !== undefined) return true;
  }
  return false;
}

/** How each message begins and how long it is (reference, section 2.1). */
const messages = {
  frame: { prefix: FRAME_HEADER, length: FRAME_LENGTH },
  request: { prefix: REQUEST_HEADER, length: REQUEST_LENGTH },
  heartbeat: { prefix: heartbeat, length: heartbeat.length },
} as const;

const messageKinds = ['frame', 'request', 'heartbeat'] as const satisfies (keyof typeof messages)[];
