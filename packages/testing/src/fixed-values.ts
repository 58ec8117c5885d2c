import type { Layout } from '@ubmsc/protocol';

/** What every record of a layout holds: the values of its rows that no battery changes. */
export function fixedValues({ fields }: Layout): Readonly<Record<string, number | string>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { simulated }]) =>
      simulated === undefined || typeof simulated === 'object' ? [] : [[name, simulated]],
    ),
  );
}
