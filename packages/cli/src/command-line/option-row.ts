import type { PushOrder, PushProtocol } from '@ubmsc/exporter';
import type { MqttFormat, MqttVersion } from '@ubmsc/mqtt';
import type { Variant } from '@ubmsc/protocol';
import type { GraphStyle, Look } from '@ubmsc/tui';
import type { LogFormat } from '../log-format.ts';

/** One option of the command line. What a value must look like is said by its kind; a flag has no value. */
export interface OptionRow {
  readonly flags: string;
  readonly help: string;
  readonly kind?: keyof Kinds;
  readonly default?: string | number;
  /** Says what this run does, so it is not a setting: neither the environment nor a configuration file can have it. */
  readonly once?: true;
}

/** Options by their names. */
export type OptionRows = Readonly<Record<string, OptionRow>>;

/** The kinds of values, by the type that they have. What is wrong with a filter, URL or adapter is said when it is used. */
export interface Kinds {
  logFormat: LogFormat;
  text: string;
  file: string;
  filter: string;
  url: string;
  urls: string | readonly string[];
  protocol: PushProtocol;
  order: PushOrder;
  percent: number;
  adapter: string;
  seconds: number;
  count: number;
  format: string;
  list: readonly string[];
  variant: Variant;
  prefix: string;
  broker: string;
  mqttVersion: MqttVersion;
  mqttFormat: MqttFormat;
  topic: string;
  theme: Look;
  graph: GraphStyle;
}

type ValueOf<Row> = Row extends { kind: infer Kind extends keyof Kinds }
  ? Row extends { default: unknown }
    ? Kinds[Kind]
    : Kinds[Kind] | undefined
  : boolean | undefined;

/** The values of options; times in seconds. */
export type ValuesOf<Rows> = { readonly [Name in keyof Rows]: ValueOf<Rows[Name]> };
