import { layouts, variants, type Layout } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { derivedFrom } from './cell-data-record.ts';

const known = new Set([
  ...Object.keys(derivedFrom({})),
  ...Object.values(layouts['jk02-32s']).flatMap(({ fields }) => Object.keys(fields)),
]);

test.each(variants)('every name that a row of %s asks for is that of a simulated value', (variant) => {
  const rows = Object.values<Layout>(layouts[variant]).flatMap(({ fields }) => Object.values(fields));
  const wanted = rows.flatMap(({ simulated }) => (typeof simulated === 'object' ? [simulated.from] : []));
  expect(wanted.filter((name) => !known.has(name))).toEqual([]);
});
