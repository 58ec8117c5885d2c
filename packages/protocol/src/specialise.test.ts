import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isNumeric, type Field } from './field.ts';
import { FRAME_LENGTH } from './frame.ts';
import { layouts, variants } from './layouts/index.ts';
import { readingDecoder } from './reading.ts';
import { specialise, specialiseRanges } from './specialise.ts';

afterEach(() => vi.unstubAllGlobals());

/** Makes something where code may not be made from text. */
function withoutCode<T>(make: () => T): T {
  vi.stubGlobal('Function', function forbidden() {
    throw new EvalError('code generation from strings is disallowed');
  });
  const made = make();
  vi.unstubAllGlobals();
  return made;
}

const records = fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH });

describe.each(variants)('what is made from the rows of %s', (variant) => {
  const { fields } = layouts[variant].cellData;

  test('decodes alike where code may not be made from text', () => {
    const walk = withoutCode(() => specialise(fields));
    fc.assert(
      fc.property(records, (bytes) => {
        expect(walk(bytes)).toEqual(specialise(fields)(bytes));
      }),
      { numRuns: 20 },
    );
  });

  test('gives the readings that the fields mean', () => {
    const walk = withoutCode(() => readingDecoder(variant));
    const { enabledCells } = fields;
    const cells = fc.option(fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(records, cells, (bytes, count) => {
        if (count !== null) new DataView(bytes.buffer).setUint32(enabledCells.at, 2 ** count - 1, true);
        const source = { variant, counter: 0, time: 0 };
        expect(readingDecoder(variant)(bytes, source)).toEqual(walk(bytes, source));
      }),
      { numRuns: 200 },
    );
  });

  test('tells what is out of its range', () => {
    const limits = Object.values<Field>(fields)
      .filter(isNumeric)
      .filter(({ count }) => count === undefined)
      .map((field) => ({ field, range: [-100, 100] as const }));
    const walk = withoutCode(() => specialiseRanges(limits));
    const isOut = specialiseRanges(limits.slice(0, 1));
    const bytes = new Uint8Array(FRAME_LENGTH);
    expect(isOut(bytes)).toBe(false);
    bytes[limits[0]?.field.at ?? 0] = 101;
    expect(isOut(bytes)).toBe(true);
    fc.assert(
      fc.property(records, (random) => {
        expect(walk(random)).toBe(specialiseRanges(limits)(random));
      }),
      { numRuns: 20 },
    );
  });
});
