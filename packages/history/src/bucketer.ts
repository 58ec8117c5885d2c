import type { SpanOf } from './steps.ts';
import { DOUBT, type Column, type ColumnKind, type Table } from './table.ts';

/** The values of a column in each bucket, by its number. */
class Buckets {
  readonly kind: ColumnKind;
  readonly divisor: number;
  readonly hasWords: boolean;
  sum = new Float64Array();
  weight = new Float64Array();
  min = new Float64Array();
  max = new Float64Array();
  last = new Float64Array();
  /** When the last value was; -Infinity where the column is absent. */
  time = new Float64Array();
  /** The word that the last value means, or of a set all words. */
  readonly text: string[] = [];

  constructor({ kind, divisor, words }: Column) {
    this.kind = kind;
    this.divisor = divisor;
    this.hasWords = words !== undefined;
  }

  /** Makes room for this many buckets. */
  grow(count: number): void {
    if (count <= this.sum.length) return;
    const length = Math.max(count, 2 * this.sum.length);
    this.sum = longer(this.sum, length, 0);
    this.weight = longer(this.weight, length, 0);
    this.min = longer(this.min, length, Infinity);
    this.max = longer(this.max, length, -Infinity);
    this.last = longer(this.last, length, NaN);
    this.time = longer(this.time, length, -Infinity);
  }

  /** The buckets with these numbers as a column. */
  column(numbers: Int32Array): Column {
    const { kind, divisor, sum, weight, text, time } = this;
    const of = (read: (number: number) => number): Float64Array => {
      const values = new Float64Array(numbers.length).fill(NaN);
      for (let row = 0; row < numbers.length; row++) {
        const number = numbers[row] ?? 0;
        if (time[number] !== -Infinity) values[row] = read(number);
      }
      return values;
    };
    if (this.hasWords) {
      const places = new Map<string, number>();
      const value = of((number) => {
        const word = text[number] ?? '';
        const place = places.get(word) ?? places.size;
        places.set(word, place);
        return place;
      });
      return { kind, divisor, words: [...places.keys()], value };
    }
    const part = (values: Float64Array): Float64Array => of((number) => values[number] ?? NaN);
    const last = part(this.last);
    if (kind !== 'gauge') return { kind, divisor, value: last };
    const mean = of((number) => Math.round(((sum[number] ?? 0) / (weight[number] ?? 1)) * divisor) / divisor);
    return { kind, divisor, value: mean, min: part(this.min), max: part(this.max), last };
  }
}

function longer(values: Float64Array, length: number, fill: number): Float64Array<ArrayBuffer> {
  const all = new Float64Array(length).fill(fill, values.length);
  all.set(values);
  return all;
}

/**
 * Combines rows: those of one span become one row. Rows may come in any order. Suspicious readings are left out; a
 * span without any other reading has no row.
 */
export class Bucketer {
  readonly #spanOf: SpanOf;
  readonly #numbers = new Map<number, number>();
  readonly #spans: { readonly start: number; readonly number: number; count: number }[] = [];
  readonly #columns = new Map<string, Buckets>();

  constructor(spanOf: SpanOf) {
    this.#spanOf = spanOf;
  }

  add(table: Table): void {
    const numbers = this.#numbersOf(table);
    for (const [name, column] of table.columns)
      if (name !== DOUBT) this.#addColumn(name, column, table, numbers);
  }

  /** What was added, in order of time. */
  table(): Table {
    const spans = this.#spans.filter(({ count }) => count > 0).toSorted((a, b) => a.start - b.start);
    const numbers = Int32Array.from(spans, ({ number }) => number);
    const columns = [...this.#columns].map(([name, buckets]) => {
      buckets.grow(this.#spans.length);
      return [name, buckets.column(numbers)] as const;
    });
    return {
      times: Float64Array.from(spans, ({ start }) => start),
      counts: Float64Array.from(spans, ({ count }) => count),
      columns: new Map(columns),
    };
  }

  /** The number of the span of each row; −1 of a row that is left out. */
  #numbersOf({ times, counts, columns }: Table): Int32Array {
    const doubt = columns.get(DOUBT)?.value;
    const numbers = new Int32Array(times.length).fill(-1);
    let end = -Infinity;
    let start = Infinity;
    let current = { start, number: -1, count: 0 };
    for (const [row, time] of times.entries()) {
      if (doubt && !Number.isNaN(doubt[row])) continue;
      if (time < start || time >= end) {
        ({ start, end } = this.#spanOf(time));
        current = this.#span(start);
      }
      numbers[row] = current.number;
      current.count += counts?.[row] ?? 1;
    }
    return numbers;
  }

  #span(start: number): { start: number; number: number; count: number } {
    const number = this.#numbers.get(start) ?? this.#spans.length;
    const span = this.#spans[number] ?? { start, number, count: 0 };
    if (number === this.#spans.length) {
      this.#numbers.set(start, number);
      this.#spans.push(span);
    }
    return span;
  }

  #addColumn(name: string, column: Column, { times, counts }: Table, numbers: Int32Array): void {
    const { kind, words, value, min = value, max = value, last = value } = column;
    let buckets = this.#columns.get(name);
    if (!buckets) {
      buckets = new Buckets(column);
      this.#columns.set(name, buckets);
    }
    buckets.grow(this.#spans.length);
    const { text } = buckets;
    for (let row = 0; row < value.length; row++) {
      const number = numbers[row] ?? -1;
      const each = value[row] ?? NaN;
      if (number < 0 || Number.isNaN(each)) continue;
      const weight = counts?.[row] ?? 1;
      buckets.sum[number] = (buckets.sum[number] ?? 0) + each * weight;
      buckets.weight[number] = (buckets.weight[number] ?? 0) + weight;
      buckets.min[number] = Math.min(buckets.min[number] ?? each, min[row] ?? each);
      buckets.max[number] = Math.max(buckets.max[number] ?? each, max[row] ?? each);
      if (kind === 'set') text[number] = union(text[number] ?? '', words?.[each] ?? '');
      const time = times[row] ?? 0;
      if (time < (buckets.time[number] ?? -Infinity)) continue;
      buckets.time[number] = time;
      buckets.last[number] = last[row] ?? each;
      if (kind === 'text') text[number] = words?.[each] ?? '';
    }
  }
}

function union(one: string, other: string): string {
  if (one === other || other === '') return one;
  return one === '' ? other : [...new Set([...one.split(','), ...other.split(',')])].toSorted().join(',');
}
