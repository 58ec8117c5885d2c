import { FRAME_HEADER, REQUEST_HEADER } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { cutForms, forms, hex } from '../test/forms.ts';
import { mayShowHeader } from './header-signs.ts';

const linesOf = (text: string): string[] => text.split(/\r\n|[\r\n]/);

/** Bytes above 127, so that text which escapes them escapes all. */
const around = Uint8Array.from({ length: 200 }, (_, index) => 128 + (index % 100));

/** Only the usual reading knows where the data of whole packets begins and ends. */
const ofPackets = /^whole packets/;

describe.each(Object.entries(forms).filter(([name]) => !ofPackets.test(name) && !cutForms.has(name)))(
  '%s',
  (_name, form) => {
    test.each([
      ['a record', FRAME_HEADER],
      ['a request', REQUEST_HEADER],
    ])('shows the header of %s, wherever it begins', (_of, header) => {
      for (let at = 0; at < around.length - header.length; at += 7) {
        const bytes = Uint8Array.from(around);
        bytes.set(header, at);
        expect(linesOf(form(bytes)).some(mayShowHeader)).toBe(true);
      }
    });
  },
);

test.each([
  ['a byte a line', 'RX: 0xEB'],
  ['a decimal byte a line', 'byte 235'],
  ['two bytes a line', 'AA EB'],
  ['what goes on with the rest of a header', '12:00:01 > eb 90 02 10 00 00'],
])('%s may show a part of a header', (_, line) => {
  expect(mayShowHeader(line)).toBe(true);
});

test.each([
  ['digits', (bytes: Uint8Array) => hex(bytes, '')],
  ['blanks', (bytes: Uint8Array) => hex(bytes, ' ')],
  ['a log', (bytes: Uint8Array) => `2024-05-06T12:34:56.789Z notify 0x0010: ${hex(bytes, ':')} (16)`],
  ['a dump', (bytes: Uint8Array) => `00001230  ${hex(bytes, ' ')}  |................|`],
  ['base64', (bytes: Uint8Array) => `{"value":"${Buffer.from(bytes).toString('base64')}"}`],
])('data of another device seldom looks like one, in %s', (_, form) => {
  let state = 1;
  const lines = Array.from({ length: 1000 }, () =>
    form(
      Uint8Array.from({ length: 16 }, () => {
        state = (state * 69_069 + 1) >>> 0;
        return state >>> 24;
      }),
    ),
  );
  expect(lines.filter(mayShowHeader).length).toBeLessThan(lines.length / 20);
});
