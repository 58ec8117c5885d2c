import { columnInfo } from './columns.ts';
import type { Answer } from './query.ts';
import type { Column, Table } from './table.ts';

/** A column of an answer as programs get it; null where there is no value. */
export interface ColumnJson {
  readonly label: string;
  readonly unit: string | null;
  readonly kind: Column['kind'];
  readonly value: readonly (number | string | null)[];
  /** Of a gauge, in rows that summarize several readings. */
  readonly min?: readonly (number | null)[];
  readonly max?: readonly (number | null)[];
}

/** An answer as JSON. */
export interface AnswerJson {
  /** Milliseconds; 0 when each row is a reading, null when rows are of different length. */
  readonly step: number | null;
  /** Start of each row, in milliseconds since 1970-01-01 UTC. Times without readings have no row. */
  readonly times: readonly number[];
  /** Number of readings in each row. */
  readonly counts: readonly number[];
  readonly columns: Readonly<Record<string, ColumnJson>>;
}

/** An answer as programs get it. */
export function answerJson({ table, step }: Answer): AnswerJson {
  const { times, counts, columns } = table;
  return {
    step: step ?? null,
    times: [...times],
    counts: counts ? [...counts] : Array.from(times, () => 1),
    columns: Object.fromEntries(
      [...columns].map(([name, column]): [string, ColumnJson] => {
        const { kind, min, max } = column;
        const { label = name, unit = null } = columnInfo(name) ?? {};
        const range = min && max && { min: numbersOf(min), max: numbersOf(max) };
        return [name, { label, unit, kind, value: valuesOf(column), ...range }];
      }),
    ),
  };
}

function numbersOf(values: Float64Array): readonly (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

/** The values of a column: words of texts and sets. */
export function valuesOf({ value, words }: Column): readonly (number | string | null)[] {
  return words ? Array.from(value, (number) => words[number] ?? null) : numbersOf(value);
}

/** A flat column: `battery_current`, `battery_current_min`. */
export interface FlatColumn {
  readonly name: string;
  readonly values: readonly (number | string | null)[];
  readonly isText: boolean;
}

/** The columns of a table one beside the other, with those of least and largest values. */
export function flatColumns({ columns }: Table): readonly FlatColumn[] {
  return [...columns].flatMap(([name, column]): FlatColumn[] => {
    const { min, max, words } = column;
    return [
      { name, values: valuesOf(column), isText: words !== undefined },
      ...(min ? [{ name: `${name}_min`, values: numbersOf(min), isText: false }] : []),
      ...(max ? [{ name: `${name}_max`, values: numbersOf(max), isText: false }] : []),
    ];
  });
}

/** A table as CSV (RFC 4180): times in UTC, then the columns. A spreadsheet must not take a text for a formula. */
export function tableCsv(table: Table): string {
  const columns = flatColumns(table);
  const lines = [
    ['time', ...columns.map(({ name }) => name)],
    ...Array.from(table.times, (time, row) => [
      new Date(time).toISOString(),
      ...columns.map(({ values, isText }) => field(values[row] ?? null, isText)),
    ]),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function field(value: number | string | null, isText: boolean): string {
  const text = value === null ? '' : String(value);
  if (!isText) return text;
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
