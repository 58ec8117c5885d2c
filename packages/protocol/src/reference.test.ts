import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { golden } from '@ubmsc/testing';
import { alarms } from './codes.ts';
import type { Field } from './field.ts';
import { recordTypes } from './frame.ts';
import type { Layout } from './layout.ts';
import { layouts } from './layouts/index.ts';

/** The machine-readable part of the reference. It is read where it lies, beside the project. */
const folder = new URL('../../../../shared/protocol/', import.meta.url);

interface ReferenceField {
  readonly field: string;
  readonly offset: number;
  readonly type: string;
  readonly scale?: number;
  readonly size?: number;
  readonly count?: number;
}

interface Reference {
  readonly variants: Readonly<
    Record<string, { readonly records: Readonly<Record<string, readonly ReferenceField[]>> }>
  >;
  readonly alarms: readonly { readonly bit: number; readonly key: string }[];
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

const variantNames: Readonly<Record<string, keyof typeof layouts>> = {
  JK04: 'jk04',
  JK02_24S: 'jk02-24s',
  JK02_32S: 'jk02-32s',
};

/** They are of the frame, not of a record. */
const framing = new Set(['header', 'recordType', 'checksum']);

function layoutOf(variant: string, record: string): Layout | undefined {
  const name = variantNames[variant];
  const records: Layout[] = name ? Object.values(layouts[name]) : [];
  return records.find((layout) => recordTypes[layout.record] === Number(record));
}

/** Where its text says something else than its tables, or that nobody has seen it. */
const exceptions: Readonly<Record<string, string>> = {
  'JK02_24S 0x03 model': 'section 5.8: the model is 16 bytes',
  'JK04 0x03 model': 'section 5.8: the model is 16 bytes',
  'JK02_24S 0x05 frameCounter': 'section 5.9: a logbook only on JK02_32S',
  'JK02_24S 0x05 entryCount': 'section 5.9: a logbook only on JK02_32S',
  'JK02_24S 0x05 check': 'section 5.9: a logbook only on JK02_32S',
  'JK02_24S 0x05 entries': 'section 5.9: a logbook only on JK02_32S',
};

/** In what a field of the tables is not as the reference has it. */
function differences(own: Field | undefined, of: ReferenceField): string[] {
  if (!own) return ['missing'];
  const type = own.type === 'text' ? 'ascii' : own.type;
  const divisor = 'divisor' in own ? (own.divisor ?? 1) : 1;
  const length = own.type === 'text' || own.type === 'bytes' ? own.size : (own.count ?? 1);
  const expected = own.type === 'text' || own.type === 'bytes' ? of.size : (of.count ?? 1);
  return [
    own.at === of.offset ? '' : `at ${own.at}, not ${of.offset}`,
    type === of.type ? '' : `${type}, not ${of.type}`,
    Math.abs(divisor * (of.scale ?? 1) - 1) < 1e-9 ? '' : `divided by ${divisor}, not times ${of.scale}`,
    length === expected ? '' : `${length} of them, not ${expected}`,
  ].filter((difference) => difference !== '');
}

if (existsSync(folder)) {
  describe('the reference', () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the reference describes its form
    const { variants, alarms: bits } = read('machine.json') as Reference;

    test('has every field at the place, of the type and by the scale of the tables', () => {
      const found = Object.entries(variants).flatMap(([variant, { records }]) =>
        Object.entries(records).flatMap(([record, fields]) => {
          const layout = layoutOf(variant, record);
          return fields
            .filter(({ field }) => !framing.has(field))
            .map((each) => ({
              name: `${variant} ${record} ${each.field}`,
              different: differences(layout?.fields[each.field], each),
            }));
        }),
      );
      console.log(`${found.length} fields of the reference held against the tables`);
      const different = found.filter((each) => each.different.length > 0);
      expect(different.filter(({ name }) => !(name in exceptions))).toEqual([]);
      expect(different.map(({ name }) => name).toSorted()).toEqual(Object.keys(exceptions).toSorted());
    });

    test('names every alarm by its bit', () => {
      const own = Object.entries(alarms).map(([key, { bit }]) => ({ bit, key }));
      expect(own).toEqual(bits.map(({ bit, key }) => ({ bit, key })));
    });

    test('has the golden vectors that are tested', () => {
      expect(read('examples.json')).toMatchObject(golden);
    });
  });
} else {
  test.skip('the reference (skipped: it is not in ../shared/protocol)', () => {});
}
