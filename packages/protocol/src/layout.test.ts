import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden, fromHex, toHex } from '@ubmsc/testing';
import { decodeField, fieldSize, isNumeric, type AnyFieldValue, type Field } from './field.ts';
import { FRAME_LENGTH, recordTypes, sealFrame, toFrame, type Frame } from './frame.ts';
import { decode, encode, type Layout } from './layout.ts';
import { layouts } from './layouts/index.ts';

const allLayouts: Layout[] = Object.values(layouts).flatMap((records) => Object.values(records));
const title = (layout: Layout): string => `${layout.record} of ${layout.variant}`;

function layoutOf(variant: string, type: number): Layout | undefined {
  return allLayouts.find((layout) => layout.variant === variant && recordTypes[layout.record] === type);
}

function valid(bytes: Uint8Array): Frame {
  const frame = toFrame(bytes);
  if (typeof frame === 'string') throw new Error(`not a frame: ${frame}`);
  return frame;
}

describe.each(allLayouts.map((layout) => ({ name: title(layout), layout })))('$name', ({ layout }) => {
  test('gives every byte between header and checksum to exactly one field', () => {
    const owners = Array.from({ length: FRAME_LENGTH }, (): string[] => []);
    for (const [name, field] of Object.entries(layout.fields)) {
      for (let at = field.at; at < field.at + fieldSize(field); at++) owners[at]?.push(name);
    }
    expect(owners.slice(5, FRAME_LENGTH - 1).filter((names) => names.length !== 1)).toEqual([]);
    expect(
      owners
        .slice(0, 5)
        .concat(owners.slice(FRAME_LENGTH - 1))
        .flat(),
    ).toEqual([]);
  });

  test('decodes as its rows say, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH }), (payload) => {
        const frame = sealFrame(layout.record, payload);
        const view = new DataView(frame.bytes.buffer);
        const byRows = Object.entries(layout.fields).map(([name, field]) => [
          name,
          decodeField(field, frame.bytes, view),
        ]);
        expect(decode(layout, frame)).toEqual(Object.fromEntries(byRows));
      }),
    );
  });

  test('encodes what it decoded to the same bytes, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH }), (bytes) => {
        const payload = withoutNaN(layout, bytes);
        const frame = sealFrame(layout.record, payload);
        expect(toHex(encode(layout, decode(layout, frame)).bytes)).toBe(toHex(frame.bytes));
      }),
    );
  });
});

/** A NaN has many bit patterns and JavaScript keeps only one of them. */
function withoutNaN(layout: Layout, bytes: Uint8Array): Uint8Array {
  for (const field of Object.values(layout.fields)) {
    if (field.type !== 'f32' && field.type !== 'f64') continue;
    const size = fieldSize(field);
    for (let end = field.at + size; end >= field.at; end -= 4) bytes[end - 1] = (bytes[end - 1] ?? 0) & 0x3f;
  }
  return bytes;
}

describe('the golden vectors', () => {
  const variants: Readonly<Record<string, string>> = {
    JK04: 'jk04',
    JK02_24S: 'jk02-24s',
    JK02_32S: 'jk02-32s',
  };

  test.each(golden.frames)(
    '$name decodes to its values and back to its bytes',
    ({ variant, record, values, hex }) => {
      const layout = layoutOf(variants[variant] ?? variant, Number(record));
      if (!layout) throw new Error(`no layout for ${variant} ${record}`);
      const frame = valid(fromHex(hex));
      const decoded: Readonly<Record<string, AnyFieldValue>> = decode(layout, frame);
      for (const [name, value] of Object.entries(values)) {
        const field = layout.fields[name];
        if (!field) throw new Error(`the layout has no ${name}`);
        expectValue(name, field, decoded[name] ?? null, value);
      }
      expect(toHex(encode(layout, decoded).bytes)).toBe(hex);
    },
  );
});

/** The vectors write bytes in hexadecimal without trailing zeros, an absent temperature as −200 °C, and only the cells that exist. */
function expectValue(name: string, field: Field, actual: AnyFieldValue, expected: unknown): void {
  if (actual instanceof Uint8Array) {
    expect(toHex(actual), name).toBe(String(expected).padEnd(2 * actual.length, '0'));
  } else if (actual === null) {
    expect(isNumeric(field) ? (field.absent ?? 0) / (field.divisor ?? 1) : null, name).toBe(expected);
  } else if (Array.isArray(expected) && Array.isArray(actual)) {
    for (const [index, value] of expected.entries()) {
      if (typeof value === 'number') expect(actual[index], `${name}[${index}]`).toBeCloseTo(value, 5);
      else expect(actual[index], `${name}[${index}]`).toMatchObject(value);
    }
  } else if (typeof expected === 'number') {
    expect(actual, name).toBeCloseTo(expected, 5);
  } else {
    expect(actual, name).toBe(expected);
  }
}
