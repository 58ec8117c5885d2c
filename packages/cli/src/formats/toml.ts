import { stringify } from 'smol-toml';
import { toDocument } from './document.ts';
import { isList, isTable, type Row, type Value } from './entries.ts';
import type { Renderer } from './result.ts';

/** TOML has no null: the library leaves its key out; a hole in a list, which must keep its place, is nan. */
export const toml: Renderer = (result, options) => {
  const groups = Object.entries(toDocument(result, options));
  return stringify(Object.fromEntries(groups.map(([group, devices]) => [group, devices.map(withoutHoles)])));
};

/** Each element of a list on a line of its own. */
export const tomlPretty: Renderer = async (result, options) =>
  // Lists hold numbers and names of alarms, so a comma always separates two elements.
  (await toml(result, options)).replace(
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
