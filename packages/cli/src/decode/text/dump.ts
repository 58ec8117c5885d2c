/** How hexdump, xxd, od and Wireshark count: od prints octal unless it is asked not to. */
const radices = [16, 8, 10] as const;

interface DumpRow {
  /** As it is printed, because the radix is only told by the next row. */
  readonly offset: string;
  readonly bytes: readonly number[];
}

/** The offset of a row, and the rest of it; undefined for any other line. */
export type SplitRow = (line: string) => { readonly offset: string; readonly rest: string } | undefined;

function splitBytes(line: string): ReturnType<SplitRow> {
  const [head = '', offset, colon, blanks = ''] =
    /^\s*(?:0x)?([0-9a-f]{4,16})(:?)(\s+)(?=(?:[0-9a-f]{2})+(?![0-9a-f]))/i.exec(line) ?? [];
  if (offset === undefined) return undefined;
  const rest = line.slice(head.length);
  // Without a colon it must look like an offset, and what follows must not look like more of the same.
  const isOffset =
    colon === ':' ||
    (/^[0-9a-f]{2}(?![0-9a-f])/i.test(rest) && (blanks.length > 1 || offset.startsWith('00')));
  return isOffset ? { offset, rest } : undefined;
}

/** Most bytes that squeezed rows stand for: more than a message has makes no difference. */
const MOST_SQUEEZED = 4096;

/**
 * Follows the offsets of a hexadecimal dump from line to line, to tell them from data and to put back what hexdump
 * prints as `*`: rows that are equal to the one before. Lines that are not part of a dump pass unchanged.
 */
export class Dump {
  #last: DumpRow | undefined;
  /** The next dump of a text counts as this one has. */
  #radix: number | undefined;
  #squeezed = false;
  readonly #split: SplitRow;

  /** Of bytes in hexadecimal, unless rows are told in another way. */
  constructor(split: SplitRow = splitBytes) {
    this.#split = split;
  }

  /** The line without its offset and, when rows before it were squeezed, their bytes. */
  open(line: string): {
    readonly rest: string;
    readonly offset?: string;
    readonly before: readonly number[];
  } {
    const none: readonly number[] = [];
    if (this.#last && /^\s*\*\s*$/.test(line)) {
      this.#squeezed = true;
      return { rest: '', before: none };
    }
    const [, alone] = /^\s*([0-9a-f]{6,16}):?\s*$/i.exec(line) ?? [];
    if (this.#last && alone !== undefined && this.#gap(this.#last, alone) !== undefined) {
      const before = this.#fill(alone);
      this.#end();
      return { rest: '', before };
    }
    const row = this.#split(line);
    if (!row) {
      if (line.trim() !== '') this.#end();
      return { rest: line, before: none };
    }
    return { ...row, before: this.#fill(row.offset) };
  }

  /** Takes note of the bytes of a row, once they are known. */
  close(offset: string, bytes: readonly number[]): void {
    const last = this.#last;
    if (last && !this.#squeezed) {
      this.#radix =
        radices.find(
          (radix) => parseInt(offset, radix) - parseInt(last.offset, radix) === last.bytes.length,
        ) ?? this.#radix;
    }
    this.#squeezed = false;
    this.#last = { offset, bytes };
  }

  #end(): void {
    this.#last = undefined;
    this.#squeezed = false;
  }

  /** Bytes between the end of a row and an offset; undefined when they do not belong together. */
  #gap({ offset, bytes }: DumpRow, next: string): number | undefined {
    const fits = (radix: number): boolean => {
      const gap = parseInt(next, radix) - parseInt(offset, radix) - bytes.length;
      return this.#squeezed ? gap > 0 && bytes.length > 0 && gap % bytes.length === 0 : gap === 0;
    };
    const radix = this.#radix ?? radices.find(fits);
    return radix !== undefined && fits(radix)
      ? parseInt(next, radix) - parseInt(offset, radix) - bytes.length
      : undefined;
  }

  #fill(next: string): readonly number[] {
    const last = this.#last;
    if (!last || !this.#squeezed) return [];
    const gap = Math.min(this.#gap(last, next) ?? 0, MOST_SQUEEZED);
    return Array.from({ length: gap }, (_, index) => last.bytes[index % last.bytes.length] ?? 0);
  }
}
