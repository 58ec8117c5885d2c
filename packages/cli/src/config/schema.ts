import * as v from 'valibot';
import { settings } from '../command-line/options.ts';
import { kinds } from './kinds.ts';

/** `[[battery]]`: a battery, and what it is called. */
export const batterySchema = v.strictObject({
  device: described(kinds.text, 'Address of the battery, or the name that it advertises'),
  alias: v.optional(described(kinds.text, 'What every output calls it instead: the label device of metrics')),
  adapter: v.optional(described(kinds.adapter, 'What finds it, when that is not the adapter of all')),
});

export type BatteryTable = v.InferOutput<typeof batterySchema>;

/** A configuration file. Settings are called as the options of the command line. */
export const configSchema = v.strictObject({
  ...Object.fromEntries(
    settings.map(({ key, kind, help, default: standard }) => {
      const description = standard === undefined || standard === '' ? help : `${help} (default: ${standard})`;
      return [key, v.optional(described<v.GenericSchema>(kinds[kind], description))];
    }),
  ),
  battery: v.optional(
    described(
      v.array(batterySchema, 'it must be tables: [[battery]]'),
      'The batteries; all that are found when left out',
    ),
  ),
});

function described<Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
): v.SchemaWithPipe<readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]> {
  return v.pipe(schema, v.description(description));
}
