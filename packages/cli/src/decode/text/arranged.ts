import { FRAME_HEADER, REQUEST_LENGTH, type StreamItem } from '@ubmsc/protocol';
import type { ArrangedLine, Arrangement } from './arrangements.ts';
import { Finds, type Shown } from './finds.ts';
import { isSame, moved, NO_BYTES } from './way.ts';

/** Finds the messages of a text whose lines are complete. */
export interface LineReader {
  readonly bytes: number;
  /** The bytes that may be of a message that is not complete. */
  readonly begun: Uint8Array;
  readLine(line: string): readonly StreamItem[];
  end(): readonly StreamItem[];
}

/** Lines in another arrangement, each part of them read on its own. */
export class Arranged extends Finds {
  readonly #arrangement: Arrangement;
  readonly #begin: () => LineReader;
  readonly #base: number;
  readonly #parts = new Map<string, LineReader>();
  /** The latest record of each part. */
  readonly #records = new Map<string, Uint8Array>();

  /** `begin` gives what reads a part of the lines. */
  constructor(arrangement: Arrangement, begin: () => LineReader, base: number, latest: Shown | undefined) {
    super(latest);
    this.#begin = begin;
    this.#arrangement = arrangement;
    this.#base = base;
  }

  get bytes(): number {
    return [...this.#parts.values()].reduce((sum, { bytes }) => sum + bytes, this.#base);
  }

  /** With records that are not complete: each sender is in the midst of one. */
  override get gain(): number {
    let gain = super.gain;
    for (const [part, { begun }] of this.#parts)
      if (begun.length > REQUEST_LENGTH && !this.#isShared(part, begun)) gain += begun.length;
    return gain;
  }

  push(line: string): StreamItem[] {
    return this.#read(this.#arrangement.push(line));
  }

  end(): StreamItem[] {
    const items = this.#read(this.#arrangement.end());
    for (const [part, frames] of this.#parts) items.push(...this.#new(part, frames.end()));
    return items;
  }

  add(items: readonly StreamItem[]): void {
    for (const item of items) {
      this.items.push(item);
      this.count(item);
    }
  }

  /** What was found so far, which need not be kept. */
  take(): StreamItem[] {
    return this.items.splice(0);
  }

  #read(lines: Iterable<ArrangedLine>): StreamItem[] {
    const items: StreamItem[] = [];
    for (const { part, text } of lines) {
      let frames = this.#parts.get(part);
      if (!frames) this.#parts.set(part, (frames = this.#begin()));
      items.push(...this.#new(part, frames.readLine(text)));
    }
    return items;
  }

  /** Without records that another part has shown, too. */
  #new(part: string, items: readonly StreamItem[]): readonly StreamItem[] {
    const isNew = (item: StreamItem): boolean => {
      if (item.kind !== 'frame') return true;
      this.#records.set(part, item.frame.bytes);
      return !this.#others(part).some(([other]) => isSame(item.frame.bytes, this.#records.get(other)));
    };
    return moved(items.filter(isNew), this.#base);
  }

  /** Whether another part shows the record that begins with these bytes, too. */
  #isShared(part: string, begun: Uint8Array): boolean {
    return this.#others(part).some(([other, frames]) =>
      [this.#records.get(other) ?? NO_BYTES, frames.begun].some((shown) => {
        const length = Math.min(shown.length, begun.length);
        return length > FRAME_HEADER.length && isSame(begun.subarray(0, length), shown.subarray(0, length));
      }),
    );
  }

  #others(part: string): [string, LineReader][] {
    return [...this.#parts].filter(([other]) => other !== part);
  }
}
