import { Dump } from './dump.ts';

/** How a dump writes what stands after its offset. */
interface WordNotation {
  /** One group of a row. */
  readonly group: string;
  readonly radix: number;
  /** Bytes of a group; the lowest is first. */
  readonly size: number;
}

/** What `od` and `hexdump` print where they are not asked for bytes in hexadecimal: words of the processor, other numbers. */
const notations: Readonly<Record<string, WordNotation>> = {
  'words of two bytes': { group: '[0-9a-f]{4}', radix: 16, size: 2 },
  'words of four bytes': { group: '[0-9a-f]{8}', radix: 16, size: 4 },
  'octal words': { group: '[01][0-7]{5}', radix: 8, size: 2 },
  'octal bytes': { group: '[0-3][0-7]{2}', radix: 8, size: 1 },
  'decimal bytes of a dump': { group: '-?\\d{1,3}', radix: 10, size: 1 },
};

/** Reads a dump in such a notation. Rows that are not printed because they equal the one before are put back. */
export class WordDump {
  readonly #notation: WordNotation;
  readonly #dump: Dump;

  /** The notations in which a line may be a row of a dump, by name. */
  static namesFor(line: string): string[] {
    return rows.flatMap(([name, row]) => (row.test(line) ? [name] : []));
  }

  /** Undefined for a name of something else. */
  static named(name: string): WordDump | undefined {
    const notation = notations[name];
    return notation && new WordDump(notation);
  }

  private constructor(notation: WordNotation) {
    this.#notation = notation;
    const row = rowOf(notation);
    this.#dump = new Dump((line) => {
      const [, offset, rest] = row.exec(line) ?? [];
      return offset === undefined || rest === undefined ? undefined : { offset, rest };
    });
  }

  /** The bytes of the next line: none unless it is a row. */
  read(line: string): Uint8Array {
    const { rest, offset, before } = this.#dump.open(line);
    if (offset === undefined) return Uint8Array.from(before);
    const { radix, size } = this.#notation;
    const bytes = rest
      .trim()
      .split(/\s+/)
      .flatMap((group) => {
        const word = parseInt(group, radix);
        return Array.from({ length: size }, (_, index) => (word >> (8 * index)) & 0xff);
      });
    this.#dump.close(offset, bytes);
    return Uint8Array.from([...before, ...bytes]);
  }
}

function rowOf({ group }: WordNotation): RegExp {
  return new RegExp(`^([0-9a-f]{7,8})((?: +${group})+) *$`, 'i');
}

const rows = Object.entries(notations).map(([name, notation]) => [name, rowOf(notation)] as const);
