import { mqttOptions, mqttTable } from './mqtt/options.ts';
import type { OutputRow } from './output.ts';
import { pushOptions, pushTable } from './push/options.ts';
import { textfileOptions } from './textfile/options.ts';

/** The outputs, in the order in which they are started. To add one: a folder, and its row here. */
// A table is read by its columns:
// prettier-ignore
export const outputs = {
  history: { options: {}, load: async () => (await import('./history/output.ts')).history },
  mqtt: { options: mqttOptions, table: mqttTable, secrets: ['UBMSC_MQTT_PASSWORD'], load: async () => (await import('./mqtt/output.ts')).mqtt },
  push: { options: pushOptions, table: pushTable, secrets: ['UBMSC_PUSH_PASSWORD', 'UBMSC_PUSH_TOKEN'], load: async () => (await import('./push/output.ts')).push },
  textfile: { options: textfileOptions, load: async () => (await import('./textfile/output.ts')).textfile },
  listen: { options: {}, load: async () => (await import('./listen/output.ts')).listen },
} as const satisfies Readonly<Record<string, OutputRow>>;

export type OutputName = keyof typeof outputs;

type All<Each> = (Each extends unknown ? (each: Each) => void : never) extends (all: infer Both) => void
  ? Both
  : never;

/** The options that are an output's own, of all outputs. */
export type OutputOptions = All<(typeof outputs)[OutputName]['options']>;

/** All of them, in that order. */
export const outputNames: readonly OutputName[] = Object.keys(outputs).filter(isOutputName);

function isOutputName(name: string): name is OutputName {
  return Object.hasOwn(outputs, name);
}
