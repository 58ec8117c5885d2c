import { stringify } from 'smol-toml';
import type { DocumentPrinter } from './document.ts';
import { isList, isTable } from './entries.ts';
import type { Row, Value } from './entry.ts';

/** TOML has no null: the library leaves its key out; a hole in a list, which must keep its place, is nan. */
export const toml: DocumentPrinter = (document) =>
  stringify(
    Object.fromEntries(Object.entries(document).map(([group, rows]) => [group, rows.map(withoutHoles)])),
  );

/** Each element of a list on a line of its own. */
export const tomlPretty: DocumentPrinter = async (document) =>
  // Lists hold numbers and names of alarms, so a comma always separates two elements.
  (await toml(document)).replace(
    /^(\w+ = \[) (.+) \]$/gm,
    (_, key: string, elements: string) =>
      `${key}\n${elements
        .split(', ')
        .map((element) => `    ${element},\n`)
        .join('')}]`,
  );

function withoutHoles(device: Readonly<Record<string, Value>>): Record<string, Value | readonly object[]> {
  return Object.fromEntries(
    Object.entries(device).map(([key, value]) => {
      if (isTable(value)) return [key, value.map((row: Row) => withoutHoles(row))];
      return [key, isList(value) ? value.map((item) => item ?? NaN) : value];
    }),
  );
}
