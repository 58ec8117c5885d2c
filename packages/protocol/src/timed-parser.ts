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

/** A stream parser that knows when the bytes came: where a record waited for its rest, another one may have gone on. */
export class TimedParser {
  #parser = new StreamParser();
  /** Those within what is not understood yet; `at` counts from the beginning of the stream. */
  #pauses: readonly Pause[] = [];
  /** The notifications of what is not understood yet, counted alike. */
  #parts: Part[] = [];
  #received = 0;
  #heard = 0;

  /** Takes the next bytes, and when they came by a monotonic clock in milliseconds. */
  push(bytes: Uint8Array, time: number): readonly TimedItem[] {
    const length = time - this.#heard;
    if (this.pending > 0 && length >= LEAST_PAUSE)
      this.#pauses = [...this.#pauses, { at: this.#received, length }];
    this.#heard = time;
    this.#parts.push({ at: this.#received, time });
    this.#received += bytes.length;
    const found = this.#parser.push(bytes);
    const items = found.length > 0 ? found.map((item) => this.#timed(item)) : NOTHING;
    const begun = this.#received - this.pending;
    if (this.#pauses.length > 0) this.#pauses = this.#pauses.filter(({ at }) => at > begun);
    if (found.length > 0) this.#parts = this.pending === 0 ? [] : this.#parts.slice(this.#firstPart(begun));
    return items;
  }

  /** Gives up on a message that has stalled; see {@link StreamParser.end}. */
  end(): readonly TimedItem[] {
    this.#pauses = [];
    this.#parts = [];
    return this.#parser.end().map((item) => this.#timed(item));
  }

  /** Another parser that has read the same so far. */
  copy(): TimedParser {
    const copy = new TimedParser();
    copy.#parser = this.#parser.copy();
    copy.#pauses = this.#pauses;
    copy.#parts = [...this.#parts];
    copy.#received = this.#received;
    copy.#heard = this.#heard;
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

  #timed(item: StreamItem): TimedItem {
    if (item.kind !== 'frame') return item;
    const pauses = this.#pauses
      .map(({ at, length }) => ({ at: at - item.offset, length }))
      .filter(({ at }) => at > 0 && at < FRAME_LENGTH);
    const parts: Part[] = [];
    for (let index = this.#firstPart(item.offset); index < this.#parts.length; index++) {
      const { at = 0, time = 0 } = this.#parts[index] ?? {};
      if (at >= item.offset + FRAME_LENGTH) break;
      parts.push({ at: Math.max(0, at - item.offset), time });
    }
    return { ...item, pauses, parts };
  }

  /** Index of the notification that holds the byte at this offset of the stream. */
  #firstPart(offset: number): number {
    let index = this.#parts.length - 1;
    while (index > 0 && (this.#parts[index]?.at ?? 0) > offset) index--;
    return index;
  }
}
