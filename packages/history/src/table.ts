/**
 * What a column tells, which decides how several of its values become one: a gauge has mean, least and largest; of a
 * counter or a text the last value counts; of sets of words, all words.
 */
export const columnKinds = ['gauge', 'counter', 'text', 'set'] as const;

export type ColumnKind = (typeof columnKinds)[number];

/** One measurement over time; NaN where it is absent. */
export interface Column {
  readonly kind: ColumnKind;
  /** Values are multiples of 1/divisor. */
  readonly divisor: number;
  /** The words that values are numbers of, for texts and sets. A word of a set is several with commas between them. */
  readonly words?: readonly string[] | undefined;
  /** Of rows that stand for several readings: the mean of a gauge, the last value of others. */
  readonly value: Float64Array;
  /** Of a gauge, in rows that stand for several readings. */
  readonly min?: Float64Array | undefined;
  readonly max?: Float64Array | undefined;
  readonly last?: Float64Array | undefined;
}

/** Readings of a battery, or what became of several of them, by columns. */
export interface Table {
  /** Milliseconds since 1970-01-01 UTC: of the reading, or the start of the time that a row stands for. */
  readonly times: Float64Array;
  /** How many readings a row stands for, without those in doubt; every row is one reading when left out. */
  readonly counts?: Float64Array | undefined;
  /** By their names in snake_case; cells and probes have a number behind it, such as `cell_voltage_0`. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** The column that says why a reading is in doubt; absent for most. */
export const DOUBT = 'doubt';
