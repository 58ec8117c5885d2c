import { roles, type Line, type Role } from '../text/line.ts';
import { paint, type Palette } from '../text/palette.ts';
import { isPlain } from '../text/width.ts';

/** Lines that begin at a column of a row. */
export interface Piece {
  readonly column: number;
  readonly line: Line;
}

/** What stands in one row of the terminal. */
export interface Row {
  readonly line: Line;
  readonly text: string;
  /** The role of each column, as an index of `roles`; undefined where a character may take more or less than one. */
  readonly columns: Uint8Array | undefined;
}

/** So many equal columns between two differences are written again, because going past them takes as many bytes. */
const GAP = 8;

const indexes = new Map<Role, number>(roles.map((role, index) => [role, index]));
const textIndex = indexes.get('text') ?? 0;

export const blankRow: Row = { line: [], text: '', columns: new Uint8Array() };

/**
 * Pieces side by side. What is between them is blank, and so is what follows the last one. It is the row `before` itself
 * where nothing differs from that, as in most rows of most frames.
 */
export function rowOf(pieces: readonly Piece[], widthOf: (line: Line) => number, before = blankRow): Row {
  const line: Line[number][] = [];
  let at = 0;
  for (const piece of inOrder(pieces)) {
    if (piece.column > at) line.push({ text: ' '.repeat(piece.column - at), role: 'text' });
    line.push(...piece.line);
    at = Math.max(at, piece.column) + widthOf(piece.line);
  }
  if (sameLooks(line, before.line)) return before;
  const text = line.map((each) => each.text).join('');
  return { line, text, columns: isPlain(text) ? columnsOf(line, text.length) : undefined };
}

/** Panes come from left to right: there is seldom anything to sort. */
function inOrder(pieces: readonly Piece[]): readonly Piece[] {
  const isInOrder = pieces.every(
    ({ column }, index) => index === 0 || (pieces[index - 1]?.column ?? 0) <= column,
  );
  return isInOrder ? pieces : pieces.toSorted((one, other) => one.column - other.column);
}

function columnsOf(line: Line, length: number): Uint8Array {
  const columns = new Uint8Array(length);
  let at = 0;
  for (const { text, role } of line) {
    columns.fill(indexes.get(role) ?? textIndex, at, at + text.length);
    at += text.length;
  }
  return columns;
}

/** What to write so that a row (from 0) shows `after` where it shows `before`; nothing when they are the same. */
export function difference(before: Row, after: Row, row: number, palette: Palette): string {
  if (before === after) return '';
  const { columns } = after;
  if (!columns || !before.columns) {
    const isSame = before.text === after.text && sameLooks(before.line, after.line);
    return isSame ? '' : `\u{1b}[${row + 1};1H\u{1b}[2K${paint(after.line, palette)}`;
  }
  if (before.text === after.text && Buffer.compare(before.columns, columns) === 0) return '';
  let written = '';
  const length = Math.max(before.text.length, after.text.length);
  for (let from = nextChange(before, after, 0, length); from < length;) {
    let to = from + 1;
    let next = nextChange(before, after, to, length);
    while (next < length && next - to < GAP) {
      to = next + 1;
      next = nextChange(before, after, to, length);
    }
    written += `\u{1b}[${row + 1};${from + 1}H${paint(slice(after, from, to), palette)}`;
    from = next;
  }
  return written;
}

/** The next column, from `from` on, in which two rows differ; `length` when there is none. */
function nextChange(before: Row, after: Row, from: number, length: number): number {
  for (let at = from; at < length; at++) {
    const one = before.text.charCodeAt(at);
    const other = after.text.charCodeAt(at);
    // Beyond its end, a row is blank.
    const character = Number.isNaN(other) ? 0x20 : other;
    if ((Number.isNaN(one) ? 0x20 : one) !== character) return at;
    if ((before.columns?.[at] ?? textIndex) !== (after.columns?.[at] ?? textIndex)) return at;
  }
  return length;
}

function slice({ text, columns }: Row, from: number, to: number): Line {
  const line: Line[number][] = [];
  for (let at = from; at < to;) {
    const role = columns?.[at] ?? textIndex;
    let end = at + 1;
    while (end < to && (columns?.[end] ?? textIndex) === role) end++;
    line.push({ text: text.slice(at, end).padEnd(end - at), role: roles[role] ?? 'text' });
    at = end;
  }
  return line;
}

function sameLooks(one: Line, other: Line): boolean {
  return (
    one.length === other.length &&
    one.every(({ text, role }, index) => text === other[index]?.text && role === other[index].role)
  );
}
