import { recordNames, sealFrame, StreamParser, FRAME_LENGTH } from '@ubmsc/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteExtractor } from './byte-extractor.ts';
import { forms, hex } from './test/forms.ts';
import { goldenBytes, goldenFrame } from './test/golden.ts';

/** The bytes that an input shows, given in pieces of this length. */
function extract(input: string | Uint8Array, length = 65_536): Uint8Array {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const extractor = new ByteExtractor();
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += length)
    parts.push(extractor.push(bytes.subarray(at, at + length)));
  return Uint8Array.from(Buffer.concat([...parts, extractor.end()]));
}

/** The frames in it. */
function frames(input: string | Uint8Array, length?: number): string[] {
  const parser = new StreamParser();
  const items = [...parser.push(extract(input, length)), ...parser.end()];
  return items.flatMap((item) => (item.kind === 'frame' ? [hex(item.frame.bytes, '')] : []));
}

const anyFrame = fc
  .tuple(
    fc.constantFrom(...recordNames),
    fc.oneof(
      fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH }),
      // Mostly empty, as most records are, with some text.
      fc.tuple(fc.string({ unit: 'grapheme-ascii', maxLength: 100 }), fc.nat(190)).map(([text, at]) => {
        const bytes = new Uint8Array(FRAME_LENGTH);
        bytes.set(Buffer.from(text), 6 + at);
        return bytes;
      }),
    ),
  )
  .map(([record, bytes]) => sealFrame(record, bytes));

const noiseLine = fc.oneof(
  fc.string({ maxLength: 80 }).filter((line) => !/\p{Cc}/u.test(line)),
  fc.constantFrom(
    '2024-05-06 12:34:56 connected to C8:47:80:12:34:56',
    '00000130',
    '*',
    'state of charge: 87 %',
    '',
    "it's 20 °C",
    '{"type":"session","version":1}',
  ),
);
const noise = fc.array(noiseLine, { maxLength: 5 }).map((rows) => rows.join('\n'));

describe.each(Object.entries(forms))('%s', (_, form) => {
  test('gives the bytes that it shows, in pieces of any length', () => {
    const text = form(goldenBytes);
    expect(hex(extract(text), '')).toBe(hex(goldenBytes, ''));
    expect(frames(text, 7)).toEqual(frames(goldenBytes));
    expect(frames(text.replaceAll('\n', '\r\n'), 1000)).toEqual(frames(goldenBytes));
  });

  test('gives any frame, whatever is around it', () => {
    fc.assert(
      fc.property(
        anyFrame,
        noise,
        noise,
        fc.integer({ min: 1, max: 500 }),
        ({ bytes }, before, after, length) => {
          expect(frames(`${before}\n${form(bytes)}\n${after}`, length)).toContain(hex(bytes, ''));
        },
      ),
    );
  });
});

describe('an input', () => {
  const frame = goldenFrame('32s-cell-16s-discharging').bytes;

  test('that is the bytes themselves passes as it is, in pieces of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 400 }), (around, length) => {
        const bytes = Uint8Array.from([...around, ...frame, ...around]);
        expect(extract(bytes, length)).toEqual(bytes);
      }),
    );
  });

  test('that begins with heartbeats, which are text, is still taken for bytes', () => {
    const bytes = Buffer.concat([Buffer.from('AT\r\n'.repeat(100)), frame]);
    expect(extract(bytes, 4)).toEqual(Uint8Array.from(bytes));
  });

  test.each(['utf-16le', 'utf-16be'])('in %s, as Windows writes it, is text', (encoding) => {
    const bytes = Buffer.from(`\ufeff${hex(frame, ' ')}\r\n`, 'utf16le');
    if (encoding === 'utf-16be') bytes.swap16();
    expect(extract(bytes, 5)).toEqual(frame);
  });

  test('that is text with a stray control character is still text', () => {
    expect(extract(`\0 bell \u0007\n${hex(frame, ' ')}`)).toEqual(frame);
  });

  test('with a line longer than any buffer gives all of its bytes', () => {
    const many = new Uint8Array(100_000).map((_, at) => at % 251);
    for (const separator of ['', ' ', ', 0x', '\\x'])
      expect(extract(`${separator.trim().slice(-2)}${hex(many, separator)}`)).toEqual(many);
  });

  test('of nothing gives nothing', () => {
    expect(extract('')).toHaveLength(0);
  });

  test('of any kind throws nothing', () => {
    const hexish = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789abcdefx:,.- \n\r\t\\\'"b()[]{}|*<>')),
      maxLength: 500,
    });
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.string({ unit: 'binary', maxLength: 500 }),
      hexish,
      fc.json(),
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 600 }), (input, length) => {
        expect(extract(input, length)).toBeInstanceOf(Uint8Array);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["'\\".repeat(40_000), 'quotes and backslashes'],
    ['12:'.repeat(40_000), 'times'],
    ['1-'.repeat(40_000), 'dashes'],
    ['a'.repeat(99_999), 'digits of an odd count'],
    ['( '.repeat(40_000), 'brackets'],
    [' '.repeat(99_999), 'blanks'],
    ['00 '.repeat(40_000).replaceAll(' ', '  '), 'blanks between bytes'],
  ])('that is made to be slow is not (%#)', (text) => {
    const start = performance.now();
    extract(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
