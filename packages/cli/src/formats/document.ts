import { snakeCase } from '@ubmsc/protocol';
import { entriesOf } from './entries.ts';
import type { Value } from './entry.ts';
import type { FormatOptions, Result } from './result.ts';

/** What JSON, YAML and TOML print: `device_info`, `cell_data` and so on, a list of devices each. */
export type Document = Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;

/** Prints a document, ending in a newline. */
export type DocumentPrinter = (document: Document) => string | Promise<string>;

/** The groups that were asked for, with every device that gave them. */
export function toDocument({ devices }: Result, options: FormatOptions): Document {
  return Object.fromEntries(
    options.groups.map((group) => [
      snakeCase(group),
      devices
        .map((device) => entriesOf(device, group, options))
        .filter((entries) => entries !== undefined)
        .map((entries) => Object.fromEntries(entries.map(({ key, value }) => [key, value]))),
    ]),
  );
}
