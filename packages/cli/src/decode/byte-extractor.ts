import { TextDecoder } from 'node:util';
import { FRAME_HEADER, REQUEST_HEADER } from '@ubmsc/protocol';
import { TextBytes } from './text-bytes.ts';

/** As much of an input is looked at, at most, before it is taken for one or the other. */
const UNDECIDED = 65_536;

/** A text without odd characters that shows as many bytes is taken for text. */
const ENOUGH = 4;

/**
 * Finds the bytes of an input that is either these bytes themselves or text that shows them, and tells which by
 * itself. Never throws; memory is bounded.
 */
export class ByteExtractor {
  #kind: 'undecided' | 'binary' | 'text' = 'undecided';
  /** What came before the kind was told: as it is, and the bytes that it shows as text. */
  #head = new Uint8Array(0);
  #shown: number[] = [];
  #decoder: TextDecoder | undefined;
  readonly #text = new TextBytes();

  /** Takes the next part of the input and returns the bytes that it completes. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#kind === 'binary' || chunk.length === 0) return chunk;
    if (this.#kind === 'text') return Uint8Array.from(this.#text.push(this.#decode(chunk)));
    const unread = this.#decoder ? chunk : concat(this.#head, chunk);
    this.#head = concat(this.#head, chunk);
    const encoding = encodingOf(this.#head);
    if (encoding === undefined) return new Uint8Array(0);
    this.#decoder ??= new TextDecoder(encoding);
    for (const byte of this.#text.push(this.#decode(unread))) this.#shown.push(byte);
    this.#kind = this.#judge(encoding, this.#head.length >= UNDECIDED);
    return this.#kind === 'undecided' ? new Uint8Array(0) : this.#take();
  }

  /** Ends the input and returns the rest. */
  end(): Uint8Array {
    if (this.#kind === 'binary') return new Uint8Array(0);
    this.#shown.push(...this.#text.push(this.#decoder?.decode() ?? ''), ...this.#text.end());
    if (this.#kind === 'undecided') this.#kind = this.#judge(encodingOf(this.#head) ?? 'utf-8', true);
    return this.#take();
  }

  #judge(encoding: string, last: boolean): 'undecided' | 'binary' | 'text' {
    if (encoding !== 'utf-8') return 'text';
    if (hasHeader(this.#head)) return 'binary';
    if (this.#head.every(isInText)) return last || this.#shown.length >= ENOUGH ? 'text' : 'undecided';
    if (hasHeader(this.#shown)) return 'text';
    return last ? 'binary' : 'undecided';
  }

  #decode(chunk: Uint8Array): string {
    return this.#decoder?.decode(chunk, { stream: true }) ?? '';
  }

  #take(): Uint8Array {
    const taken = this.#kind === 'binary' ? this.#head : Uint8Array.from(this.#shown);
    this.#head = new Uint8Array(0);
    this.#shown = [];
    return taken;
  }
}

/** Whether a byte is in texts: no control but backspace to carriage return, and the escape of colours. */
function isInText(byte: number): boolean {
  return byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b;
}

function hasHeader(bytes: Iterable<number>): boolean {
  const buffer = Buffer.from([...bytes]);
  return [FRAME_HEADER, REQUEST_HEADER].some((header) => buffer.includes(Buffer.from(header)));
}

/** The encoding of a text by its first bytes: Windows writes UTF-16. Undefined while they are not all there. */
function encodingOf([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return (first === 0xff || first === 0xfe) && second === undefined ? undefined : 'utf-8';
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
