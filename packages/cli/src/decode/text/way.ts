import { FRAME_LENGTH, StreamParser, type StreamItem } from '@ubmsc/protocol';
import { readings, type NamedReading } from './readings.ts';
import { WordDump } from './word-dump.ts';

/** The way in which lines are read as long as that gives messages with nothing left over. */
export const USUAL = 'usual';

/** What has completed nothing. */
export const NOTHING: readonly StreamItem[] = [];

/** What a line without data shows. */
export const NO_BYTES = new Uint8Array();

/** A line takes memory besides its characters, as much as this many of them: there may be very many short lines. */
const LINE_OVERHEAD = 32;

/** A line of a text. */
export class Line {
  readonly text: string;
  readonly usual: Uint8Array;
  /** Its messages were given. */
  readonly given: boolean;
  #readings: ReadonlyMap<string, NamedReading> | undefined;

  constructor(text: string, usual: Uint8Array, given = false) {
    this.text = text;
    this.usual = usual;
    this.given = given;
  }

  /** Bounds memory and time, in characters. */
  get size(): number {
    return this.text.length + LINE_OVERHEAD;
  }

  get readings(): ReadonlyMap<string, NamedReading> {
    return (this.#readings ??= new Map(Array.from(readings(this.text), (reading) => [reading[0], reading])));
  }

  /** They take much more memory than the text, which is kept. */
  forgetReadings(): void {
    this.#readings = undefined;
  }

  /** In one way. */
  reading(name: string): Uint8Array {
    if (name === USUAL) return this.usual;
    if (this.#readings) return Uint8Array.from(this.#readings.get(name)?.[1] ?? []);
    for (const [each, bytes] of readings(this.text)) if (each === name) return Uint8Array.from(bytes);
    return NO_BYTES;
  }
}

/** A way to read lines, and the stream of bytes that comes of it. */
export class Way {
  readonly name: string;
  /** A line that goes on after what the one before has shown is of a buffer that grows; else only after a whole record. */
  readonly grows: boolean;
  readonly #dump: WordDump | undefined;
  readonly #parser = new StreamParser();
  readonly #base: number;
  /** What the line before has shown. */
  #shown: Uint8Array = NO_BYTES;
  /** The latest line went on after what the one before has shown. */
  hasGrown = false;
  /** Bytes of the input before the end of this stream. */
  end: number;

  constructor(name: string, base: number, grows = false, before?: Line) {
    this.name = name;
    this.grows = grows;
    this.#dump = WordDump.named(name);
    this.#base = this.end = base;
    if (before && !this.#dump) this.#shown = this.#shownBy(before);
  }

  /** How many bytes may be of a message that is not complete. */
  get pending(): number {
    return this.#parser.pending;
  }

  /** The bytes that may be of a message that is not complete. */
  get begun(): Uint8Array {
    const last = this.#parser.copy().end().at(-1);
    return last?.kind === 'discarded' && this.pending > 0 ? last.bytes : NO_BYTES;
  }

  /** How many bytes are of no message, so far. */
  get skipped(): number {
    return this.#parser.skipped;
  }

  read(line: Line): readonly StreamItem[] {
    const shown = this.#shownBy(line);
    if (shown.length === 0) return NOTHING;
    const bytes = this.#withoutShown(shown);
    this.end += bytes.length;
    return this.#moved(this.#parser.push(bytes));
  }

  #shownBy(line: Line): Uint8Array {
    return this.#dump?.read(line.text) ?? line.reading(this.name);
  }

  finish(): readonly StreamItem[] {
    return this.#moved(this.#parser.end());
  }

  /** A line that begins with all that the one before has shown is of a buffer that grows: the rest is new. */
  #withoutShown(bytes: Uint8Array): Uint8Array {
    const { length } = this.#shown;
    const least = this.grows ? 1 : FRAME_LENGTH;
    const isGrown =
      length >= least &&
      bytes.length > length &&
      isSame(bytes.subarray(0, length), this.#shown) &&
      // Zeros that follow zeros are rather the next part of a record.
      this.#shown.some((byte) => byte !== 0);
    this.#shown = bytes;
    this.hasGrown = isGrown;
    return isGrown ? bytes.subarray(length) : bytes;
  }

  #moved(items: readonly StreamItem[]): readonly StreamItem[] {
    return moved(items, this.#base);
  }
}

/** Items of a stream that begins here in the input. */
export function moved(items: readonly StreamItem[], base: number): readonly StreamItem[] {
  return base === 0 ? items : items.map((item) => ({ ...item, offset: item.offset + base }));
}

/** Whether bytes are the same as others, which may not be there. */
export function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0;
}
