import { literalBytes } from './byte-literals.ts';
import { decimalBytes } from './decimal-list.ts';
import { Dump } from './dump.ts';
import { hexBytes, withoutNoise } from './hex-text.ts';

/** A longer line is taken in pieces; bounds the memory and the time that a line can take. */
const LONGEST_LINE = 16_384;

/**
 * Finds the bytes that a text shows, line by line: dumps, logs of other programs, what was pasted, recordings with a
 * JSON object a line. Never throws; memory is bounded.
 */
export class TextBytes {
  readonly #dump = new Dump();
  #rest = '';

  /** Takes the next piece of the text and returns the bytes of the lines that it completes. */
  push(text: string): number[] {
    const found: number[] = [];
    for (let at = 0; at < text.length; at += LONGEST_LINE) {
      const lines = (this.#rest + text.slice(at, at + LONGEST_LINE)).split(/\r\n|[\r\n]/);
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#read(line, found);
      while (this.#rest.length > LONGEST_LINE) {
        const cut = cutAt(this.#rest.slice(0, LONGEST_LINE));
        this.#read(this.#rest.slice(0, cut), found);
        this.#rest = this.#rest.slice(cut);
      }
    }
    return found;
  }

  /** Ends the text and returns the bytes of a last line without an end. */
  end(): number[] {
    const found: number[] = [];
    this.#read(this.#rest, found);
    this.#rest = '';
    return found;
  }

  #read(line: string, found: number[]): void {
    const add = (bytes: readonly number[]): void => {
      for (const byte of bytes) found.push(byte);
    };
    const told = recordedBytes(line) ?? literalBytes(line) ?? decimalBytes(line);
    if (told) return add(told);
    const { rest, offset, before } = this.#dump.open(line);
    add(before);
    const bytes = hexBytes(withoutNoise(rest));
    if (offset !== undefined) this.#dump.close(offset, bytes);
    add(bytes);
  }
}

/** Where a long line can be cut without taking a byte apart. */
function cutAt(text: string): number {
  let boundary = text.length - 1;
  while (boundary > 0 && /[0-9a-z]/i.test(text[boundary] ?? '')) boundary--;
  if (boundary > text.length / 2) return boundary;
  // Digits without an end.
  const start = boundary === 0 && /[0-9a-z]/i.test(text[0] ?? '') ? 0 : boundary + 1;
  return text.length - ((text.length - start) % 2);
}

/** Bytes of a line of a recording: an object with `hex`, of which only what the battery sent counts. */
function recordedBytes(line: string): number[] | undefined {
  if (!/^\s*\{.*"hex"/.test(line)) return undefined;
  const entry = parseJson(line);
  if (typeof entry !== 'object' || entry === null || !('hex' in entry) || typeof entry.hex !== 'string') {
    return undefined;
  }
  const direction = ('dir' in entry && entry.dir) || ('direction' in entry && entry.direction);
  const written = typeof direction === 'string' && /^(?:w|tx|out|req|com)/i.test(direction);
  return written ? [] : hexBytes(entry.hex);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
