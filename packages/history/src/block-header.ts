import { MOST_ROWS } from './column-codec.ts';
import { columnKinds, type ColumnKind } from './table.ts';

/** Length and CRC-32 of a piece of the body. */
export type Piece = readonly [length: number, crc: number];

/** The pieces of a column. */
export interface ColumnPieces {
  readonly kind: ColumnKind;
  readonly divisor: number;
  readonly words?: readonly string[] | undefined;
  readonly parts: {
    readonly value: Piece;
    readonly min?: Piece | undefined;
    readonly max?: Piece | undefined;
    readonly last?: Piece | undefined;
  };
}

export interface BlockHeader {
  /** The battery, where a file has blocks of several. */
  readonly battery?: string | undefined;
  /** The generations of the journal that the rows are from, the first and the last. */
  readonly generations: readonly [number, number];
  readonly rows: number;
  /** The least and the largest time. */
  readonly span: readonly [number, number];
  readonly times: Piece;
  readonly counts?: Piece | undefined;
  readonly columns: Readonly<Record<string, ColumnPieces>>;
  /** What has happened meanwhile: checked where it is used. */
  readonly events?: readonly unknown[] | undefined;
}

/** Whether a value is the header of a block. A year has hundreds of them with dozens of columns: a schema takes too long. */
export function isHeader(value: unknown): value is BlockHeader {
  if (!isObject(value)) return false;
  const { battery, generations, rows, span, times, counts, columns, events } = value;
  return (
    (battery === undefined || typeof battery === 'string') &&
    isPair(generations, isCount) &&
    isCount(rows) &&
    rows <= MOST_ROWS &&
    isPair(span, Number.isFinite) &&
    isPair(times, isCount) &&
    (counts === undefined || isPair(counts, isCount)) &&
    isObject(columns) &&
    Object.values(columns).every(isColumn) &&
    (events === undefined || Array.isArray(events))
  );
}

function isColumn(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, divisor, words, parts } = value;
  return (
    columnKinds.some((each) => each === kind) &&
    typeof divisor === 'number' &&
    divisor >= 1e-6 &&
    divisor <= 1e12 &&
    (words === undefined || (Array.isArray(words) && words.every((word) => typeof word === 'string'))) &&
    isObject(parts) &&
    isPair(parts['value'], isCount) &&
    ['min', 'max', 'last'].every((part) => parts[part] === undefined || isPair(parts[part], isCount))
  );
}

function isPair(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === 2 && is(value[0]) && is(value[1]);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
