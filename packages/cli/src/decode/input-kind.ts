import { TextDecoder } from 'node:util';
import { FRAME_HEADER, REQUEST_HEADER } from '@ubmsc/protocol';
import { Lines } from './text/lines.ts';
import { UsualReading } from './text/usual-reading.ts';

/** At most this much of an input is looked at before it is taken for one or the other. */
const UNDECIDED = 65_536;

/** A text without odd characters that shows at least this many bytes is taken for text. */
const ENOUGH = 4;

/**
 * Tells whether an input is the bytes of messages themselves, or text that shows them. Memory is bounded. What is given
 * before that can be told is kept in `head`.
 */
export class InputKind {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** The latest bytes as they are, and the bytes that the text shows: a header may begin in them. */
  #tail: Uint8Array = new Uint8Array(0);
  #shownTail: Uint8Array = new Uint8Array(0);
  #shown = 0;
  #isText = true;
  #showsHeader = false;
  #encoding: string | undefined;
  #decoder: TextDecoder | undefined;
  readonly #lines = new Lines();
  readonly #reading = new UsualReading();

  /** Everything that was given so far. */
  get head(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }

  /** Takes the next part of the input. Returns `binary`, or the encoding of a text, once that can be told. */
  push(chunk: Uint8Array): string | undefined {
    this.#pieces.push(chunk);
    this.#length += chunk.length;
    const recent = Buffer.concat([this.#tail, chunk]);
    // No text has one: in UTF-16 each of these bytes would stand beside another.
    if (hasHeader(recent)) return 'binary';
    this.#tail = recent.subarray(-HEADER);
    this.#isText &&= chunk.every(isInText);
    const unread = this.#decoder ? chunk : this.head;
    this.#encoding ??= encodingOf(unread);
    if (this.#encoding === undefined) return undefined;
    this.#decoder ??= new TextDecoder(this.#encoding);
    this.#show(this.#lines.push(this.#decoder.decode(unread, { stream: true })));
    return this.#judge(this.#encoding, this.#length >= UNDECIDED);
  }

  /** What the whole of a short input is. */
  end(): string {
    this.#show([...this.#lines.push(this.#decoder?.decode() ?? ''), ...this.#lines.end()]);
    return this.#judge(this.#encoding ?? 'utf-8', true) ?? 'utf-8';
  }

  #show(lines: readonly string[]): void {
    const recent = Buffer.concat([this.#shownTail, ...lines.map((line) => this.#reading.read(line))]);
    this.#shown += recent.length - this.#shownTail.length;
    this.#showsHeader ||= hasHeader(recent);
    this.#shownTail = recent.subarray(-HEADER);
  }

  #judge(encoding: string, last: boolean): string | undefined {
    if (this.#isText || encoding !== 'utf-8') return last || this.#shown >= ENOUGH ? encoding : undefined;
    if (this.#showsHeader) return encoding;
    return last ? 'binary' : undefined;
  }
}

/** Bytes before the end that may be the beginning of a header. */
const HEADER = FRAME_HEADER.length - 1;

/** Whether a byte is in texts: no control but backspace to carriage return, and the escape of colours. */
function isInText(byte: number): boolean {
  return byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1b;
}

function hasHeader(bytes: Buffer): boolean {
  return [FRAME_HEADER, REQUEST_HEADER].some((header) => bytes.includes(Buffer.from(header)));
}

/** The encoding of a text by its first bytes: Windows writes UTF-16. Undefined while they are not all there. */
function encodingOf([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return (first === 0xff || first === 0xfe) && second === undefined ? undefined : 'utf-8';
}
