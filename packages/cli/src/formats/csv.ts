import type { DocumentPrinter } from './document.ts';
import { isList, isTable } from './entries.ts';
import type { Value } from './entry.ts';

type Row = Readonly<Record<string, Value>>;

type Cell = string | number | boolean | null;

/** Tables as in RFC 4180, one for each group, with an empty line between; a list has a column for each place, from 1. */
export const csv: DocumentPrinter = (document) =>
  Object.values(document)
    .map((rows) => tableOf(rows.map(cellsOf)))
    .join('\r\n');

/** Rows as they come, below one header. A row with more columns begins another table, after an empty line. */
export function csvRows(): (row: Row) => string {
  let keys: readonly string[] = [];
  return (row) => {
    const cells = cellsOf(row);
    const more = [...cells.keys()].filter((key) => !keys.includes(key));
    const between = keys.length > 0 && more.length > 0 ? '\r\n' : '';
    keys = [...keys, ...more];
    return `${between}${more.length > 0 ? lineOf(keys) : ''}${lineOf(keys.map((key) => cells.get(key) ?? null))}`;
  };
}

function tableOf(rows: readonly ReadonlyMap<string, Cell>[]): string {
  const keys = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return [keys, ...rows.map((row) => keys.map((key) => row.get(key) ?? null))].map(lineOf).join('');
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function cellsOf(row: Row): ReadonlyMap<string, Cell> {
  return new Map(
    Object.entries(row).flatMap(([key, value]): (readonly [string, Cell])[] => {
      if (isTable(value)) return [[key, JSON.stringify(value)]];
      if (!isList(value)) return [[key, value]];
      // Names of alarms are one cell: a column for each place would say nothing.
      if (value.some((item) => typeof item === 'string') || value.length === 0)
        return [[key, value.join(' ')]];
      return value.map((item, index) => [`${key}_${index + 1}`, item]);
    }),
  );
}

/** A text that a spreadsheet would take for a formula is quoted and begins with an apostrophe: names come over the air. */
function quoted(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+@\t\r-]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
