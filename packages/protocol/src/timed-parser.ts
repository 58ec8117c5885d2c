import { FRAME_LENGTH } from './frame.ts';
import { StreamParser, type StreamItem } from './stream-parser.ts';

/** A time in which nothing came although a record was not complete. */
export interface Pause {
  /** Offset in the record of the first byte after it. */
  readonly at: number;
  /** In milliseconds. */
  readonly length: number;
}

type FrameItem = Extract<StreamItem, { kind: 'frame' }>;

/** What a stream parser found; of a record also how it came. */
export type TimedItem = Exclude<StreamItem, FrameItem> | TimedFrameItem;

/** A frame, with the times at which it came. */
export interface TimedFrameItem extends FrameItem {
  /** The pauses in which it waited for its rest. */
  readonly pauses: readonly Pause[];
  /** The notifications that it came in, in order; left out where they are not known. */
  readonly parts?: readonly Part[] | undefined;
}

/** The part of a record that came in one notification. */
export interface Part {
  /** Offset in the record of its first byte. */
  readonly at: number;
  /** When it came, by a monotonic clock in milliseconds. */
  readonly time: number;
}

/** Shorter ones do not count, in milliseconds: a record comes in two bursts 30 to 45 ms apart (reference, section 2.2). */
const LEAST_PAUSE = 100;

const NOTHING: readonly TimedItem[] = [];

const NO_PAUSES: readonly Pause[] = [];

/** A stream parser that knows when the bytes came: where a record waited for its rest, another one may have gone on. */
export class TimedParser {
  readonly #parser: StreamParser;
  /** The notifications of what is not understood yet; `at` counts from the beginning of the stream. */
  #parts: Part[] = [];
  #received = 0;

  /** A parser of the bytes that has read something already goes on from there. */
  constructor(parser = new StreamParser()) {
    this.#parser = parser;
  }

  /** Takes the next bytes, and when they came by a monotonic clock in milliseconds. */
  push(bytes: Uint8Array, time: number): readonly TimedItem[] {
    this.#parts.push({ at: this.#received, time });
    this.#received += bytes.length;
    const found = this.#parser.push(bytes);
    if (found.length === 0) return NOTHING;
    const items = found.map((item) => this.#timed(item));
    this.#parts = this.pending === 0 ? [] : this.#parts.slice(this.#firstPart(this.#received - this.pending));
    return items;
  }

  /** Gives up on a message that has stalled; see {@link StreamParser.end}. */
  end(): readonly TimedItem[] {
    this.#parts = [];
    return this.#parser.end().map((item) => this.#timed(item));
  }

  /** Another parser that has read the same so far. */
  copy(): TimedParser {
    const copy = new TimedParser(this.#parser.copy());
    copy.#parts = [...this.#parts];
    copy.#received = this.#received;
    return copy;
  }

  /** How many bytes have come. */
  get received(): number {
    return this.#received;
  }

  /** How many bytes wait for the rest of their message. */
  get pending(): number {
    return this.#parser.pending;
  }

  /** See {@link StreamParser.missing}. */
  get missing(): number {
    return this.#parser.missing;
  }

  #timed(item: StreamItem): TimedItem {
    if (item.kind !== 'frame') return item;
    const { kind, offset, frame } = item;
    const parts: Part[] = [];
    let pauses = NO_PAUSES;
    let heard = Infinity;
    for (let index = this.#firstPart(offset); index < this.#parts.length; index++) {
      const part = this.#parts[index];
      if (!part || part.at >= offset + FRAME_LENGTH) break;
      const { time } = part;
      const at = Math.max(0, part.at - offset);
      if (at > 0 && time - heard >= LEAST_PAUSE) pauses = [...pauses, { at, length: time - heard }];
      parts.push({ at, time });
      heard = time;
    }
    return { kind, offset, frame, pauses, parts };
  }

  /** Index of the notification that holds the byte at this offset of the stream. */
  #firstPart(offset: number): number {
    let index = this.#parts.length - 1;
    while (index > 0 && (this.#parts[index]?.at ?? 0) > offset) index--;
    return index;
  }
}
