import { history } from './history.ts';
import { listen } from './listen.ts';
import { mqtt } from './mqtt.ts';
import type { Output } from './output.ts';
import { push } from './push.ts';
import { textfile } from './textfile.ts';

/**
 * The outputs, in the order in which they are started. To add one: its row here, its options in
 * `command-line/options.ts`, and the keys of its tables of the configuration file, if it has any, in `tables.ts`.
 */
export const outputs = { history, mqtt, push, textfile, listen } as const satisfies Readonly<
  Record<string, Output>
>;

export type OutputName = keyof typeof outputs;

/** All of them, in that order. */
export const outputNames: readonly OutputName[] = Object.keys(outputs).filter(isOutputName);

function isOutputName(name: string): name is OutputName {
  return Object.hasOwn(outputs, name);
}
