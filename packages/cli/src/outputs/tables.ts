import { settings } from '../command-line/options.ts';
import { outputs } from './index.ts';
import type { OutputRow } from './output.ts';

/** Tables of the configuration file that ask for an output, by the name of the output, in the order of the help. */
export const outputTables: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  Object.entries<OutputRow>(outputs)
    .flatMap(([name, { table }]) => (table ? [[name, table] as const] : []))
    .toSorted(([, one], [, other]) => placeOf(one) - placeOf(other)),
);

function placeOf(table: Readonly<Record<string, string>>): number {
  return settings.findIndex(({ name }) => Object.values(table).includes(name));
}

/** The values of one table, by its keys. */
export type OutputTable = Readonly<Record<string, unknown>>;
