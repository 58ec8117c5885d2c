import * as v from 'valibot';
import { settings, type Setting } from '../command-line/options.ts';
import { outputTables } from '../outputs/tables.ts';
import { kinds } from './kinds.ts';

/** `[[battery]]`: a battery, and what it is called. */
export const batterySchema = v.strictObject({
  device: described(kinds.text, 'Address of the battery, or the name that it advertises'),
  alias: v.optional(described(kinds.text, 'What every output calls it instead: the label device of metrics')),
  adapter: v.optional(described(kinds.adapter, 'What finds it, when that is not the adapter of all')),
});

export type BatteryTable = v.InferOutput<typeof batterySchema>;

/** `[[bank]]`: several batteries shown as one. */
export const bankSchema = v.strictObject({
  name: described(kinds.text, 'What every output calls it'),
  batteries: described(
    v.pipe(kinds.list, v.minLength(2, 'a bank has at least two batteries')),
    'Aliases, names or addresses of its batteries',
  ),
  topology: v.optional(described(kinds.topology, 'How they are connected (default: parallel)')),
  partial: v.optional(
    described(kinds.flag, 'Whether sums are shown while one of its batteries is missing (default: false)'),
  ),
});

export type BankTable = v.InferOutput<typeof bankSchema>;

const rows = new Map<string, Setting>(settings.map((setting) => [setting.name, setting]));

/** `[[push]]` and the like: one more output, by the options of its kind. A single one may be written as `[push]`. */
const outputSchemas = Object.entries(outputTables).map(([name, keys]) => {
  const entries = Object.entries(keys).map(([key, option]) => {
    const row = rows.get(option);
    if (!row) throw new TypeError(`${option} is not a setting`);
    const schema = described<v.GenericSchema>(kinds[row.kind], descriptionOf(row));
    return [key, key === 'url' ? schema : v.optional(schema)] as const;
  });
  const table = v.strictObject(Object.fromEntries(entries));
  const tables = v.array(table, `it must be tables: [[${name}]]`);
  // Without a value it is asked for what the JSON Schema says. A union would lose the place of what is wrong.
  const either = v.lazy((value) =>
    value === undefined ? v.union([table, tables]) : isTable(value) ? table : tables,
  );
  return [name, v.optional(either)] as const;
});

/** A configuration file. Settings are called as the options of the command line. */
export const configSchema = v.strictObject({
  ...Object.fromEntries(
    settings.map((row) => [
      row.key,
      v.optional(described<v.GenericSchema>(kinds[row.kind], descriptionOf(row))),
    ]),
  ),
  ...Object.fromEntries(outputSchemas),
  battery: v.optional(
    described(
      v.array(batterySchema, 'it must be tables: [[battery]]'),
      'The batteries; all that are found when left out',
    ),
  ),
  labels: v.optional(
    described(
      v.record(kinds.text, kinds.text, 'it must be a table: [labels]'),
      'Labels of every metric that is served, pushed or written, such as site',
    ),
  ),
  bank: v.optional(
    described(v.array(bankSchema, 'it must be tables: [[bank]]'), 'Batteries that are shown as one, too'),
  ),
});

/** Whether a value of a configuration file is one table. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function descriptionOf({ help, default: standard }: Setting): string {
  return standard === undefined || standard === '' ? help : `${help} (default: ${standard})`;
}

function described<Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
): v.SchemaWithPipe<readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]> {
  return v.pipe(schema, v.description(description));
}
