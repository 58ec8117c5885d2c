/*
 * What the server answers and the page reads. It imports nothing, so that both can.
 */

/** A value of JSON. */
export type JsonValue = number | string | boolean | null;

/** A battery as the page and programs get it. Values are those of `-f json`; null where there is none. */
export interface BatteryJson {
  /** What its history is asked for by; null while its address is not known. */
  readonly key: string | null;
  readonly device: string;
  readonly address: string | null;
  readonly simulated: boolean;
  readonly is_bank: boolean;
  readonly state: string;
  /** The state as people read it. */
  readonly state_text: string;
  readonly message: string | null;
  /** Milliseconds since the reading came; null without one. */
  readonly age: number | null;
  /** From this age on, in milliseconds, the values are old. */
  readonly stale_after: number;
  /** Why the reading may be wrong, though it was accepted. */
  readonly doubt: string | null;
  /** Voltages of a cell in V at which the device protects it; null while its settings are not known. */
  readonly cell_limits: { readonly low: number | null; readonly high: number | null };
  readonly values: Readonly<Record<string, JsonValue | readonly JsonValue[]>>;
}

/** The batteries at one moment, in milliseconds since 1970-01-01 UTC. */
export interface Now {
  readonly time: number;
  readonly batteries: readonly BatteryJson[];
}

/** What a value is called. */
export interface Word {
  readonly label: string;
  readonly help: string;
  readonly kind: string;
  readonly unit?: string;
}

/** What the page needs to know once. */
export interface About {
  readonly version: string;
  readonly has_history: boolean;
  readonly vocabulary: Readonly<Record<string, Word>>;
}
