import { isInOrder } from './device-info-order.ts';
import {
  FRAME_HEADER,
  FRAME_LENGTH,
  frameDefect,
  recordName,
  sealFrame,
  toFrame,
  type Frame,
} from './frame.ts';
import { blankText, isTextByte, TEXT_RUN, withoutSecrets, type Redactor } from './redact.ts';
import { decodeRequest, heartbeat, REQUEST_HEADER, REQUEST_LENGTH } from './request.ts';
import { viewOf } from './record-fields.ts';
import { trailingText, withoutStrayText } from './stray-text.ts';

/** A record whose rest has not come after this time is given up, in milliseconds, as the parser does. */
const STALLED = 1000;

const NOTHING: readonly Uint8Array[] = [];

interface Chunk {
  readonly bytes: Uint8Array;
  /** It is the same as the one before: some hosts deliver notifications twice. */
  readonly isCopy: boolean;
}

/** Where a byte stands: index of its chunk, index in the chunk. */
type Place = readonly [chunk: number, index: number];

/** Which chunks in the middle of a record may be no part of it, in the order in which that is tried. */
const readings: readonly ((chunk: Chunk) => boolean)[] = [
  () => false,
  ({ bytes }) => isHeartbeat(bytes),
  ({ isCopy }) => isCopy,
  ({ bytes, isCopy }) => isCopy || isHeartbeat(bytes),
];

/**
 * Takes what must not leave the program out of the notifications of one connection, see {@link Redactor}, and leaves how
 * they are cut as it is: each comes back with the same length and in the same order, once the record that it is a part
 * of is complete. Bytes that belong to no message stay as they are but for text in them, which may be a piece of a
 * record that was damaged. Never throws; keeps no more than two records.
 */
export class StreamRedactor {
  readonly #redactor: Redactor;
  #chunks: Chunk[] = [];
  /** The first byte that is not understood yet. */
  #chunk = 0;
  #index = 0;
  /** How many bytes are not understood yet, and how many it takes to understand more. */
  #available = 0;
  #wanted = 1;
  /** How many of the latest bytes are text outside of messages, and the places of those that were not taken out. */
  #textLength = 0;
  #text: Place[] = [];
  /** The latest notification as it came, and what is made of it. */
  #latest: { readonly came: Uint8Array; readonly chunk: Chunk } | undefined;
  #heard = 0;
  /** Nothing is waited for any more. */
  #final = false;

  /** Takes out passcodes when no redactor says what. */
  constructor(redactor: Redactor = withoutSecrets) {
    this.#redactor = redactor;
  }

  /** How many notifications are delayed. */
  get pending(): number {
    return this.#chunks.length;
  }

  /** Takes a notification, and when it came in milliseconds; returns those that are done, in their order. */
  push(bytes: Uint8Array, time: number): readonly Uint8Array[] {
    const given = this.pending > 0 && time - this.#heard > STALLED ? this.end() : [];
    const original = this.#latest && same(bytes, this.#latest.came) ? this.#latest.chunk : undefined;
    // Not with slice, which of a Buffer of Node gives no copy.
    const chunk = { bytes: new Uint8Array(original?.bytes ?? bytes), isCopy: original !== undefined };
    this.#latest = original ? undefined : { came: new Uint8Array(bytes), chunk };
    this.#heard = time;
    this.#chunks.push(chunk);
    this.#available += bytes.length;
    this.#advance();
    const released = this.#release();
    return given.length === 0 ? released : [...given, ...released];
  }

  /** Gives up on what is not complete, and returns what was delayed. */
  end(): readonly Uint8Array[] {
    this.#final = true;
    this.#advance();
    this.#final = false;
    this.#text = []; // what is released cannot be taken out any more
    return this.#release();
  }

  #advance(): void {
    // Most notifications are the middle of a record: there is nothing to look at before it is complete.
    for (;;) {
      if (this.#available < (this.#final ? 1 : this.#wanted)) return;
      this.#wanted = 1;
      while (this.#index === this.#chunks[this.#chunk]?.bytes.length) {
        this.#chunk++;
        this.#index = 0;
      }
      const end = this.#messageEnd();
      if (end === 'unknown' && !this.#final) return;
      if (end === 'none' || end === 'unknown') this.#takeNoise();
      else this.#moveTo(end);
    }
  }

  #moveTo([chunk, index]: Place): void {
    for (; this.#chunk < chunk; this.#chunk++) {
      this.#available -= (this.#chunks[this.#chunk]?.bytes.length ?? 0) - this.#index;
      this.#index = 0;
    }
    this.#available -= index - this.#index;
    this.#index = index;
  }

  /** The place after the message at the first byte, whose secrets are taken out; `unknown` before it is complete. */
  #messageEnd(): Place | 'none' | 'unknown' {
    const first = this.#chunks[this.#chunk]?.bytes[this.#index];
    if (first !== FRAME_HEADER[0] && first !== REQUEST_HEADER[0] && first !== heartbeat[0]) return 'none';
    const bytes = this.#copy(REQUEST_LENGTH);
    if (begins(bytes, FRAME_HEADER)) return this.#frameEnd(bytes[FRAME_HEADER.length]);
    if (begins(bytes, REQUEST_HEADER)) {
      if (bytes.length < REQUEST_LENGTH) return this.#wait(REQUEST_LENGTH);
      if (!decodeRequest(bytes)) return 'none';
      const places = this.#gather(REQUEST_LENGTH);
      this.#replace(places, this.#redactor.request(bytes));
      return this.#end(places);
    }
    if (!begins(bytes, heartbeat)) return 'none';
    if (bytes.length < heartbeat.length) return this.#wait(heartbeat.length);
    return this.#end(this.#gather(heartbeat.length));
  }

  #frameEnd(type: number | undefined): Place | 'none' | 'unknown' {
    if (type !== undefined && recordName(type) === undefined) return 'none';
    if (this.#available < FRAME_LENGTH) return this.#wait(FRAME_LENGTH);
    // Nearly all that a battery sends are whole records without a secret.
    const frame = frameOf(this.#copy(FRAME_LENGTH));
    if (frame && frame.record !== 'deviceInfo') {
      const redacted = this.#redactor.frame(withoutStrayText(frame));
      if (redacted !== frame) this.#replace(this.#gather(FRAME_LENGTH), redacted.bytes);
      this.#endText(trailingText(redacted.bytes));
      return this.#placeBehind(FRAME_LENGTH);
    }
    const gathered = readings.map((skips) => this.#gather(FRAME_LENGTH, skips));
    const isComplete = gathered.every(({ length }) => length === FRAME_LENGTH);
    const right = gathered.filter((places) => frameOf(this.#bytesAt(places)));
    const [first] = right;
    const other = first && frameOf(this.#bytesAt(first));
    if (other && other.record !== 'deviceInfo') {
      this.#replace(first, this.#redactor.frame(withoutStrayText(other)).bytes);
      return this.#end(first);
    }
    if (!isComplete && !this.#final) return this.#wait(this.#available + 1);
    if (!first) return 'none';
    // The checksum is weak: where two readings pass it, either may be the right one. The first is sealed last.
    for (const places of [...right, first]) {
      const { bytes } = this.#redactor.frame(sealFrame('deviceInfo', this.#bytesAt(places)));
      const isKnown = isInOrder(this.#bytesAt(places));
      this.#replace(places, isKnown ? bytes : sealFrame('deviceInfo', blankText(bytes)).bytes);
    }
    return this.#end(first);
  }

  #end(places: readonly Place[]): Place {
    this.#endText(trailingText(this.#bytesAt(places)));
    const [chunk, index] = places.at(-1) ?? [0, -1];
    return [chunk, index + 1];
  }

  #wait(length: number): 'unknown' {
    this.#wanted = length;
    return 'unknown';
  }

  /** So many bytes from the first one on, or all that are there. */
  #copy(length: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(length, this.#available));
    let start = this.#index;
    for (let at = this.#chunk, filled = 0; filled < bytes.length; at++) {
      const chunk = this.#chunks[at]?.bytes.subarray(start, start + bytes.length - filled);
      if (!chunk) break;
      bytes.set(chunk, filled);
      filled += chunk.length;
      start = 0;
    }
    return bytes;
  }

  /** The place this many bytes after the first one, which are all there. */
  #placeBehind(length: number): Place {
    let [at, index] = [this.#chunk, this.#index + length];
    for (let size = this.#sizeOf(at); index > size; size = this.#sizeOf(++at)) index -= size;
    return [at, index];
  }

  #sizeOf(chunk: number): number {
    return this.#chunks[chunk]?.bytes.length ?? Infinity;
  }

  /** The places of this many bytes from the first one on, without chunks that are skipped. */
  #gather(length: number, skips: (chunk: Chunk) => boolean = () => false): Place[] {
    const places: Place[] = [];
    for (let at = this.#chunk; at < this.#chunks.length && places.length < length; at++) {
      const chunk = this.#chunks[at];
      if (!chunk || (at > this.#chunk && skips(chunk))) continue;
      const start = at === this.#chunk ? this.#index : 0;
      const end = Math.min(chunk.bytes.length, start + length - places.length);
      for (let index = start; index < end; index++) places.push([at, index]);
    }
    return places;
  }

  #bytesAt(places: readonly Place[]): Uint8Array {
    const bytes = new Uint8Array(places.length);
    for (let at = 0; at < bytes.length; at++) {
      const [chunk, index] = places[at] ?? [0, 0];
      bytes[at] = this.#chunks[chunk]?.bytes[index] ?? 0;
    }
    return bytes;
  }

  /** Writes bytes to their places, and to those of the copies of their chunks. */
  #replace(places: readonly Place[], bytes: Uint8Array): void {
    places.forEach(([at, index], position) => {
      const value = bytes[position] ?? 0;
      const chunk = this.#chunks[at];
      const copy = this.#chunks[at + 1];
      if (chunk) chunk.bytes[index] = value;
      if (copy?.isCopy && places.every(([other]) => other !== at + 1)) copy.bytes[index] = value;
    });
  }

  #takeNoise(): void {
    const value = this.#chunks[this.#chunk]?.bytes[this.#index] ?? 0;
    if (!isTextByte(value)) this.#endText();
    else this.#takeText([this.#chunk, this.#index]);
    this.#moveTo([this.#chunk, this.#index + 1]);
  }

  #takeText(place: Place): void {
    this.#text.push(place);
    this.#textLength++;
    if (this.#textLength < TEXT_RUN) return;
    for (const [chunk, index] of this.#text.splice(0)) this.#chunks[chunk]?.bytes.fill(0, index, index + 1);
  }

  /** Called after a message, whose last bytes may be text that what follows continues. */
  #endText(length = 0): void {
    this.#text = [];
    this.#textLength = length;
  }

  /** Takes the chunks from which nothing is waited for any more. */
  #release(): readonly Uint8Array[] {
    const count = this.#text[0]?.[0] ?? (this.#available === 0 ? this.#chunks.length : this.#chunk);
    if (count === 0) return NOTHING;
    const released = this.#chunks.splice(0, count);
    this.#chunk = this.#chunks.length === 0 ? 0 : this.#chunk - count;
    if (this.#chunks.length === 0) this.#index = 0;
    if (this.#text.length > 0) this.#text = this.#text.map(([chunk, index]) => [chunk - count, index]);
    return released.map(({ bytes }) => bytes);
  }
}

function frameOf(bytes: Uint8Array): Frame | undefined {
  const frame = toFrame(bytes);
  return typeof frame === 'string' || frameDefect(viewOf(frame), 0) ? undefined : frame;
}

/** Whether the bytes are the beginning of the prefix, or begin with it. */
function begins(bytes: Uint8Array, prefix: ArrayLike<number>): boolean {
  for (let at = 0; at < bytes.length && at < prefix.length; at++) if (bytes[at] !== prefix[at]) return false;
  return true;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && begins(one, other);
}

function isHeartbeat(bytes: Uint8Array): boolean {
  return same(bytes, heartbeat);
}
