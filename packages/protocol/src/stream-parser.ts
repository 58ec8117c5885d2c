import { FRAME_HEADER, FRAME_LENGTH, frameDefect, recordName, type Frame } from './frame.ts';
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

/** Bytes of a block: some 54 records. Whoever keeps one of them keeps the block. */
const BLOCK = 16_384;

const NO_BLOCK = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BLOCK.buffer);

const NOTHING: readonly StreamItem[] = [];

/**
 * Cuts the byte stream of one connection into messages (reference, section 2.3). Where a notification ends has
 * no meaning: every chunking of the same bytes gives the same items. Never throws; memory is bounded.
 *
 * A record with a wrong checksum loses only its first byte before the search goes on, so that a cut-off record
 * does not take the good one that follows along.
 */
export class StreamParser {
  /** The stream as it comes. The bytes of frames are parts of it, not copies, so that nothing in it is written twice. */
  #block = NO_BLOCK;
  #view = NO_VIEW;
  /** Bytes from `#noiseStart` to `#start` are noise not yet reported; those up to `#end` are not yet understood. */
  #noiseStart = 0;
  #start = 0;
  #end = 0;
  /** Stream offset of `#block[0]`. */
  #base = 0;
  #noiseReason: DiscardReason = 'noise';
  /** How many bytes from `#start` on the message has that waits for its rest; 0 when it is not known yet. */
  #wanted = 0;

  /** Takes the next bytes of the stream and returns what they complete. */
  push(chunk: Uint8Array): readonly StreamItem[] {
    // Most notifications are the middle of a record: there is nothing to look at before it is complete.
    if (chunk.length < this.missing && this.#end + chunk.length <= this.#block.length) {
      this.#append(chunk);
      return NOTHING;
    }
    const items: StreamItem[] = [];
    for (let taken = 0; taken < chunk.length;) {
      if (this.#end === this.#block.length) this.#beginBlock();
      const room = this.#block.length - this.#end;
      const part = taken === 0 && chunk.length <= room ? chunk : chunk.subarray(taken, taken + room);
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

  /** Another parser that has read the same so far. It goes on in a block of its own. */
  copy(): StreamParser {
    const copy = new StreamParser();
    copy.#block = this.#block.subarray(0, this.#end);
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

  /** How many bytes belong to no message and were not reported yet: more of them may follow. */
  get skipped(): number {
    return this.#start - this.#noiseStart;
  }

  /** How many bytes must come at least before there is something to tell. */
  get missing(): number {
    return Math.max(1, this.#wanted - this.pending);
  }

  #append(chunk: Uint8Array): void {
    this.#block.set(chunk, this.#end);
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
      if (kind === 'frame' && recordName(this.#block[this.#start + 4]) === undefined) {
        this.#skip('record-type', items);
        continue;
      }
      const { prefix, length } = messages[kind];
      if (available < length) {
        // Before its prefix is complete it may still be another message, a shorter one or none.
        if (available >= prefix.length) this.#wanted = length;
        return;
      }
      const item = this.#take(kind, this.#start, this.#start + length);
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
    const block = this.#block;
    const start = this.#start;
    for (const kind of messageKinds) {
      const { prefix } = messages[kind];
      if (block[start] !== prefix[0]) continue;
      const known = Math.min(available, prefix.length);
      let index = 1;
      while (index < known && block[start + index] === prefix[index]) index++;
      if (index === known) return kind;
    }
    return undefined;
  }

  #take(kind: keyof typeof messages, start: number, end: number): StreamItem | DiscardReason {
    const offset = this.#base + start;
    const block = this.#block;
    switch (kind) {
      case 'heartbeat':
        return { kind, offset };
      case 'request': {
        const request = decodeRequest(block.subarray(start, end));
        return request ? { kind, offset, ...request } : 'request-checksum';
      }
      case 'frame': {
        const record = recordName(block[start + 4]);
        if (record === undefined) return 'record-type';
        const defect = frameDefect(this.#view, start);
        if (defect !== undefined) return defect;
        // Half of what `subarray` takes.
        const bytes = new Uint8Array(block.buffer, start, FRAME_LENGTH);
        return { kind, offset, frame: { record, counter: bytes[5] ?? 0, bytes } };
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
    return { kind: 'discarded', offset: this.#base + start, bytes: this.#block.slice(start, end), reason };
  }

  /** What is not understood yet, and noise that was not reported, goes on in another block. */
  #beginBlock(): void {
    const rest = this.#block.subarray(this.#noiseStart, this.#end);
    this.#block = new Uint8Array(BLOCK);
    this.#view = new DataView(this.#block.buffer);
    this.#block.set(rest);
    this.#base += this.#noiseStart;
    this.#start -= this.#noiseStart;
    this.#end -= this.#noiseStart;
    this.#noiseStart = 0;
  }
}

/** How each message begins and how long it is (reference, section 2.1). */
const messages = {
  frame: { prefix: FRAME_HEADER, length: FRAME_LENGTH },
  request: { prefix: REQUEST_HEADER, length: REQUEST_LENGTH },
  heartbeat: { prefix: heartbeat, length: heartbeat.length },
} as const;

const messageKinds = ['frame', 'request', 'heartbeat'] as const satisfies (keyof typeof messages)[];
