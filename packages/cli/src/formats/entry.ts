import type { Measurement } from '@ubmsc/protocol';

export type Scalar = number | boolean | string | null;

/** A row of a table by the names of its columns. */
export type Row = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** What every format can print: null is a value that the device does not have. */
export type Value = Scalar | readonly Scalar[] | readonly Row[];

/** What a person must know to read a value: a row of the vocabulary says it, or a row of a layout. */
export interface Display {
  readonly kind?: Measurement['kind'] | undefined;
  readonly per?: Measurement['per'] | undefined;
  readonly unit?: string | undefined;
  /** The names that a list may have; people see of each whether the list has it. */
  readonly choices?: readonly string[] | undefined;
  /** What people see where there is no value; a dash when left out. */
  readonly absent?: string | undefined;
}

/** One value with its name. */
export interface Entry {
  /** In snake_case. */
  readonly key: string;
  /** What a person calls it. */
  readonly label: string;
  readonly value: Value;
  /** What does not come from the device has none. */
  readonly display?: Display;
  /** Those of the columns of a table that have one. */
  readonly columns?: Readonly<Record<string, Display>>;
}
