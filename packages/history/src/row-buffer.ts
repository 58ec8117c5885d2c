import type { ColumnInfo } from './columns.ts';
import type { Column, Table } from './table.ts';

interface Values {
  readonly info: ColumnInfo;
  readonly values: number[];
  /** Numbers of words. */
  readonly words: Map<string, number> | undefined;
}

/** Most characters of a text. */
const LONGEST_TEXT = 200;

/** Rows that become a table. */
export class RowBuffer {
  readonly #times: number[] = [];
  readonly #columns = new Map<string, Values>();

  get rows(): number {
    return this.#times.length;
  }

  /** Begins a row. */
  begin(time: number): void {
    this.#times.push(time);
  }

  /** Sets a value of the row that was begun last. */
  set(name: string, info: ColumnInfo, value: number | string): void {
    let column = this.#columns.get(name);
    if (!column) {
      const hasWords = info.kind === 'text' || info.kind === 'set';
      column = { info, values: [], words: hasWords ? new Map() : undefined };
      this.#columns.set(name, column);
    }
    const row = this.#times.length - 1;
    while (column.values.length < row) column.values.push(NaN);
    const number = typeof value === 'number' ? value : numberOf(value, column.words);
    if (column.values.length === row) column.values.push(number);
  }

  table(): Table {
    const rows = this.#times.length;
    const columns = [...this.#columns].map(([name, { info, values, words }]): [string, Column] => {
      const value = new Float64Array(rows).fill(NaN);
      value.set(values);
      const { kind, divisor } = info;
      return [name, { kind, divisor: words ? 1 : divisor, words: words && [...words.keys()], value }];
    });
    return { times: Float64Array.from(this.#times), columns: new Map(columns) };
  }
}

function numberOf(text: string, words: Map<string, number> | undefined): number {
  if (!words) return NaN;
  const word = text.slice(0, LONGEST_TEXT);
  const known = words.get(word);
  if (known !== undefined) return known;
  words.set(word, words.size);
  return words.size - 1;
}
