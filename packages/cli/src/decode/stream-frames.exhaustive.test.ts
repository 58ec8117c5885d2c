import { FRAME_LENGTH, recordNames, sealFrame } from '@ubmsc/protocol';
import { times } from '@ubmsc/testing';
import { anyCharacter } from '@ubmsc/testing/any-character';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Found } from './found.ts';
import { StreamFrames } from './stream-frames.ts';
import { cutForms, forms, hex } from './test/forms.ts';
import { goldenBytes, goldenFrame } from './test/golden.ts';

/** What is found in an input, given in pieces of this length. */
function found(input: string | Uint8Array, length = 65_536): readonly Found[] {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const source = new StreamFrames('jk02-32s');
  const items: Found[] = [];
  for (let at = 0; at < bytes.length; at += length)
    items.push(...source.push(bytes.subarray(at, at + length)));
  return [...items, ...source.end()];
}

/** The frames in it. */
function frames(input: string | Uint8Array, length?: number): string[] {
  return found(input, length).flatMap((item) => ('frame' in item ? [hex(item.frame.bytes, '')] : []));
}

/** The bytes that belong to no message. */
function leftOver(input: string | Uint8Array, length?: number): string {
  return found(input, length)
    .flatMap((item) => ('kind' in item && item.kind === 'discarded' ? [hex(item.bytes, '')] : []))
    .join('');
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

describe.each(Object.entries(forms))('%s', (name, form) => {
  test('gives the bytes that it shows, in pieces of any length', () => {
    const bytes = goldenBytes.subarray(0, times(4 * FRAME_LENGTH, goldenBytes.length));
    const text = form(bytes);
    expect(leftOver(text)).toBe('');
    expect(frames(text)).toEqual(frames(bytes));
    expect(frames(text, 7)).toEqual(frames(bytes));
    expect(frames(text.replaceAll('\n', '\r\n'), 1000)).toEqual(frames(bytes));
  });

  test('gives any frame, whatever is around it', () => {
    const around = cutForms.has(name) ? fc.constant('') : noise;
    fc.assert(
      fc.property(
        anyFrame,
        around,
        around,
        fc.integer({ min: 1, max: 500 }),
        ({ bytes }, before, after, length) => {
          // The checksum has eight bits: what is read in a wrong way may pass for a record, once.
          const stream = Buffer.concat([bytes, goldenBytes.subarray(0, FRAME_LENGTH), bytes]);
          expect(frames(`${before}\n${form(stream)}\n${after}`, length)).toContain(hex(bytes, ''));
        },
      ),
      { numRuns: times(2, 100) },
    );
  });
});

describe('an input', () => {
  const frame = goldenFrame('32s-cell-16s-discharging').bytes;

  test('that is the bytes themselves passes as it is, in pieces of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 400 }), (around, length) => {
        const bytes = Uint8Array.from([...around, ...frame, ...around]);
        expect(frames(bytes, length)).toContain(hex(frame, ''));
      }),
    );
  });

  test('that begins as a text in UTF-16 does, and is not one, is taken for bytes', () => {
    expect(frames(Uint8Array.from([0xff, 0xfe, ...frame]), 1)).toEqual([hex(frame, '')]);
  });

  test('that begins with heartbeats, which are text, is still taken for bytes', () => {
    const bytes = Buffer.concat([Buffer.from('AT\r\n'.repeat(100)), frame]);
    expect(frames(bytes, 4)).toEqual([hex(frame, '')]);
  });

  test.each(['utf-16le', 'utf-16be'])('in %s, as Windows writes it, is text', (encoding) => {
    const bytes = Buffer.from(`\ufeff${hex(frame, ' ')}\r\n`, 'utf16le');
    if (encoding === 'utf-16be') bytes.swap16();
    expect(frames(bytes, 5)).toEqual([hex(frame, '')]);
  });

  test('that is text with a stray control character is still text', () => {
    expect(frames(`\0 bell \u0007\n${hex(frame, ' ')}`)).toEqual([hex(frame, '')]);
  });

  test('with a line longer than any buffer gives all of its frames', () => {
    // Each shows 600 digits at least; a line is kept up to 16,384.
    const COUNT = times(30, 300);
    const many = Buffer.concat(Array.from({ length: COUNT }, () => frame));
    for (const separator of ['', ' ', ', 0x', '\\x'])
      expect(frames(`${separator.trim().slice(-2)}${hex(many, separator)}`)).toHaveLength(COUNT);
  });

  test('of nothing gives nothing', () => {
    expect(found('')).toHaveLength(0);
  });

  test('of any kind throws nothing', () => {
    const hexish = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789abcdefx:,.- \n\r\t\\\'"b()[]{}|*<>')),
      maxLength: 500,
    });
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.string({ unit: anyCharacter, maxLength: 500 }),
      hexish,
      fc.json(),
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 600 }), (input, length) => {
        expect(found(input, length)).toBeInstanceOf(Array);
      }),
      { numRuns: times(50, 1000) },
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
  ])('that is made to be slow ends in time (%#)', (text) => {
    // The time limit of the test is the assertion.
    expect(frames(text)).toEqual([]);
  });
});
