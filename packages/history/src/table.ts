/**
 * Kind of a column. It decides how several values are combined: a gauge has mean, least and largest; a counter and a
 * text have the last value, a set of words all words.
 */
export const columnKinds = ['gauge', 'counter', 'text', 'set'] as const;

/** How the values of a column are kept. */
export type ColumnKind = (typeof columnKinds)[number];

/** One measurement over time; NaN where it is absent. */
export interface Column {
  readonly kind: ColumnKind;
  /** Values are multiples of 1/divisor. */
  readonly divisor: number;
  /** The words that values are numbers of, for texts and sets. A word of a set is several with commas between them. */
  readonly words?: readonly string[] | undefined;
  /** In rows that summarize several readings: the mean of a gauge, the last value of others. */
  readonly value: Float64Array;
  /** Of a gauge, in rows that summarize several readings. */
  readonly min?: Float64Array | undefined;
  readonly max?: Float64Array | undefined;
  readonly last?: Float64Array | undefined;
}

/** Readings of a battery, or summaries of several readings, by columns. */
export interface Table {
  /** Milliseconds since 1970-01-01 UTC: of the reading, or the start of the time that a row covers. */
  readonly times: Float64Array;
  /** Number of readings in each row, without suspicious ones; every row is one reading when left out. */
  readonly counts?: Float64Array | undefined;
  /** By their names in snake_case; cells and probes have a number after it, such as `cell_voltage_0`. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** The column with the reason why a reading is suspicious; absent for most. */
export const DOUBT = 'doubt';
