import { AttValues } from './att-values.ts';
import { literalBytes } from './byte-literals.ts';
import { decimalBytes } from './decimal-list.ts';
import { Dump } from './dump.ts';
import { LineTemplate } from './line-template.ts';
import { hexBytes, withoutNoise } from './hex-text.ts';

/**
 * Reads the bytes that a line shows as most programs print them: dumps, logs, what was pasted, recordings with a JSON
 * object a line. Never throws.
 */
export class UsualReading {
  readonly #dump = new Dump();
  readonly #values = new AttValues();
  #template: LineTemplate | undefined;

  /** The bytes of the next line. */
  read(line: string): Uint8Array {
    return this.#values.of(this.#template?.read(line) ?? arrayOf(this.#readAny(line)));
  }

  #readAny(line: string): readonly number[] {
    const direct = recordedBytes(line) ?? literalBytes(line) ?? decimalBytes(line);
    if (direct) return direct;
    const { rest, offset, before } = this.#dump.open(line);
    const bytes = hexBytes(withoutNoise(rest));
    if (offset !== undefined) this.#dump.close(offset, bytes);
    // The rows of a dump depend on each other.
    else if (rest === line) this.#template = LineTemplate.of(line, bytes) ?? this.#template;
    return before.length === 0 ? bytes : [...before, ...bytes];
  }
}

const NO_BYTES = new Uint8Array();

/** Many lines have no bytes: they share one array. */
function arrayOf(bytes: readonly number[]): Uint8Array {
  return bytes.length === 0 ? NO_BYTES : Uint8Array.from(bytes);
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
