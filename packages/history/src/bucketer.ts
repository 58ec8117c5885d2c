import type { SpanOf } from './steps.ts';
import { DOUBT, type Column, type ColumnKind, type Table } from './table.ts';

/** What is known of a column in one bucket. */
interface Bucket {
  sum: number;
  weight: number;
  min: number;
  max: number;
  last: number;
  /** When the last value was. */
  time: number;
  /** The word that the last value means, or of a set all words. */
  text: string;
}

interface Buckets {
  readonly kind: ColumnKind;
  readonly divisor: number;
  readonly hasWords: boolean;
  /** By the number of the span; undefined where the column is absent. */
  readonly of: (Bucket | undefined)[];
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
    const columns = [...this.#columns].map(([name, buckets]) => {
      return [
        name,
        columnOf(
          buckets,
          spans.map(({ number }) => buckets.of[number]),
        ),
      ] as const;
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
    const { kind, divisor, words, value, min = value, max = value, last = value } = column;
    let buckets = this.#columns.get(name);
    if (!buckets) {
      buckets = { kind, divisor, hasWords: words !== undefined, of: [] };
      this.#columns.set(name, buckets);
    }
    for (const [row, each] of value.entries()) {
      const number = numbers[row] ?? -1;
      if (number < 0 || Number.isNaN(each)) continue;
      const bucket = (buckets.of[number] ??= emptyBucket());
      const time = times[row] ?? 0;
      const weight = counts?.[row] ?? 1;
      bucket.sum += each * weight;
      bucket.weight += weight;
      bucket.min = Math.min(bucket.min, min[row] ?? each);
      bucket.max = Math.max(bucket.max, max[row] ?? each);
      const word = words?.[each] ?? '';
      if (kind === 'set') bucket.text = union(bucket.text, word);
      if (time < bucket.time) continue;
      bucket.time = time;
      bucket.last = last[row] ?? each;
      if (kind === 'text') bucket.text = word;
    }
  }
}

function emptyBucket(): Bucket {
  return { sum: 0, weight: 0, min: Infinity, max: -Infinity, last: NaN, time: -Infinity, text: '' };
}

function union(one: string, other: string): string {
  if (one === other || other === '') return one;
  return one === '' ? other : [...new Set([...one.split(','), ...other.split(',')])].toSorted().join(',');
}

function columnOf({ kind, divisor, hasWords }: Buckets, buckets: readonly (Bucket | undefined)[]): Column {
  const of = (read: (bucket: Bucket) => number): Float64Array =>
    Float64Array.from(buckets, (bucket) => (bucket ? read(bucket) : NaN));
  if (hasWords) {
    const words = [...new Set(buckets.flatMap((bucket) => bucket?.text ?? []))];
    const numbers = new Map(words.map((word, index) => [word, index]));
    return { kind, divisor, words, value: of(({ text }) => numbers.get(text) ?? NaN) };
  }
  const last = of((bucket) => bucket.last);
  if (kind !== 'gauge') return { kind, divisor, value: last };
  const value = of(({ sum, weight }) => Math.round((sum / weight) * divisor) / divisor);
  return { kind, divisor, value, min: of(({ min }) => min), max: of(({ max }) => max), last };
}
