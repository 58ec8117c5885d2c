import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealFrame } from '@ubmsc/protocol';
import { forms, hex, type Form } from '../test/forms.ts';
import { goldenFrame } from '../test/golden.ts';
import { TextFrames } from './text-frames.ts';

const { bytes } = goldenFrame('32s-cell-16s-discharging');

function framesIn(text: string): number {
  const frames = new TextFrames();
  return [...frames.push(text), ...frames.end()].filter(({ kind }) => kind === 'frame').length;
}

test.each([
  ['hexadecimal', (buffer: Uint8Array) => hex(buffer, ' ')],
  ['Python', (buffer: Uint8Array) => forms['bytes of Python in one line']?.(buffer) ?? ''],
])('a buffer that goes on growing after a record shows the record once, in %s', (_, form) => {
  const rest = Uint8Array.from({ length: 60 }, (__, at) => [0x41, 0x54, 0x0d, 0x0a][at % 4] ?? 0);
  const buffers = [0, 4, 8, 60].map((more) => Buffer.concat([bytes, rest.subarray(0, more)]));
  expect(framesIn(buffers.map((buffer) => `12:34:56 INFO buffer now ${form(buffer)}\n`).join(''))).toBe(1);
});

test('a buffer that grows to a record and then by heartbeats, until the next record begins, shows each record once', () => {
  const records = [bytes, goldenFrame('32s-cell-alarms').bytes, goldenFrame('32s-settings').bytes];
  const buffers = records.flatMap((record) => {
    const whole = Buffer.concat([record, Buffer.from('AT\r\nAT\r\n')]);
    return [128, 150, 278, 300, 304, 308].map((end) => whole.subarray(0, end));
  });
  const frames = new TextFrames();
  const text = buffers.map((buffer) => `${hex(buffer, '')}\n`).join('');
  const kinds = [...frames.push(text), ...frames.end()].map(({ kind }) => kind);
  expect(kinds).toEqual(records.flatMap(() => ['frame', 'heartbeat', 'heartbeat']));
});

test('a record that comes again with the same bytes is a record again', () => {
  expect(framesIn(`${hex(bytes, ' ')}\n${hex(bytes, ' ')}\n`)).toBe(2);
});

test('a record that comes again in a buffer that grows by whole records is a record again', () => {
  const buffers = [1, 2, 3].map((count) => Buffer.concat(Array.from({ length: count }, () => bytes)));
  expect(framesIn(buffers.map((buffer) => `12:34:56 RX buffer ${hex(buffer, ' ')}\n`).join(''))).toBe(3);
});

test('a record whose numbers a terminal has cut is found after one in which it cut none, though the text ends with it', () => {
  const cut = sealFrame(
    'settings',
    Uint8Array.from(bytes, (_, at) => 100 + (at % 151)),
  );
  const text = forms['a list of decimal numbers that a terminal has cut, quoted in a mail'];
  expect(framesIn(text?.(Buffer.concat([bytes, cut.bytes])) ?? '')).toBe(2);
});

test.each([
  ['from its beginning', 0],
  ['after its first 300 bytes', 300],
  ['after a part of its first record', 60],
])('a buffer that grows and is never emptied shows each record once, however it grows: %s', (_, lost) => {
  const { bytes: other } = goldenFrame('32s-cell-alarms');
  // The record that is sent twice comes twice.
  const stream = Buffer.concat([other, bytes, bytes, goldenFrame('32s-settings').bytes, other, bytes]);
  const form = fc.constantFrom(
    (buffer: Uint8Array) => hex(buffer, ' '),
    (buffer: Uint8Array) => hex(buffer, ''),
    (buffer: Uint8Array) => `12:34:56 RX buffer ${hex(buffer, ' ')}`,
  );
  fc.assert(
    fc.property(
      form,
      fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 8 }),
      (print, sizes) => {
        const lines: string[] = [];
        for (let end = lost, line = 0; end < stream.length; line++) {
          end = Math.min(stream.length, end + (sizes[line % sizes.length] ?? 0));
          lines.push(`${print(stream.subarray(lost, end))}\n`);
        }
        expect(framesIn(lines.join(''))).toBe(6 - Math.ceil(lost / 300));
      },
    ),
    { numRuns: 15 },
  );
});

test('in bytes of Rust, a digit that follows a zero is a digit', () => {
  const { bytes: info } = goldenFrame('32s-device-info');
  const text = forms['bytes of Python in one line']?.(info).replaceAll('\\x00', '\\0') ?? '';
  expect(text).toMatch(/\\0\d/);
  expect(framesIn(`rx ${text}\n`)).toBe(1);
});

/** The lines of two batteries, as they come. */
const both = (front: readonly string[], rear: readonly string[]): string =>
  front.map((line, index) => `${line}\n${rear[index] ?? ''}\n`).join('');

test.each<[string, Form, Form]>([
  [
    'addresses',
    (row) => `12:34:56.789 C8:47:80:00:00:01 ${hex(row, ' ')}`,
    (row) => `12:34:56.790 C8:47:80:00:00:02 ${hex(row, ' ')}`,
  ],
  ['names', (row) => `[front] notify ${hex(row, '')}`, (row) => `[rear] notify ${hex(row, '')}`],
  ['numbers', (row) => `handle 64 value: ${hex(row, ' ')}`, (row) => `handle 65 value: ${hex(row, ' ')}`],
  ['lists', (row) => `battery_0 [${row.join(', ')}]`, (row) => `battery_1 [${row.join(', ')}]`],
])('two batteries whose notifications come by turns are told apart by their %s', (_, front, rear) => {
  const rows = (frame: Uint8Array): Uint8Array[] =>
    Array.from({ length: frame.length / 20 }, (__, at) => frame.subarray(at * 20, (at + 1) * 20));
  const first = ['32s-device-info', '32s-cell-16s-discharging', '32s-settings'].map(goldenFrame);
  const second = ['24s-cell-8s-charging', '24s-settings', '24s-device-info'].map(goldenFrame);
  const text = both(
    first.flatMap((frame) => rows(frame.bytes).map(front)),
    [new Uint8Array(4), ...second.flatMap((frame) => rows(frame.bytes))].map(rear),
  );
  const frames = new TextFrames();
  const found = [...frames.push(text), ...frames.end()].flatMap((item) =>
    item.kind === 'frame' ? [hex(item.frame.bytes, '')] : [],
  );
  // The last row of the second is not there.
  const expected = [...first, ...second.slice(0, 2)].map((frame) => hex(frame.bytes, ''));
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('zeros that other lines show are not of a record, though its checksum would fit', () => {
  const row = Uint8Array.from({ length: bytes.length }, (_, at) => (at < 104 ? at : 0));
  row[104] = 0x100 - (sealFrame('settings', row).bytes.at(-1) ?? 0);
  const settings = sealFrame('settings', row);
  // Its end is zeros, too: without them it is as long as before.
  expect(settings.bytes.at(-1)).toBe(0);
  const rows = Array.from(
    { length: 15 },
    (_, at) => `notify ${hex(settings.bytes.subarray(at * 20, (at + 1) * 20), ' ')}\npadding 00 00 00 00\n`,
  );
  const frames = new TextFrames();
  const found = [...frames.push(rows.join('')), ...frames.end()];
  expect(found.filter(({ kind }) => kind === 'frame')).toMatchObject([{ frame: settings }]);
});

/** What another device has sent: lines without a header. */
function traffic(count: number): string {
  const line = (index: number): string =>
    hex(
      Uint8Array.from({ length: 20 }, (_, at) => (index * 31 + at * 7) % 251),
      ' ',
    );
  return Array.from({ length: count }, (_, index) => `12:34:56 notify 0x0010: ${line(index)}\n`).join('');
}

test.each(['a log of Python', 'xxd'])(
  'a record after a megabyte of what another device has sent is found, in %s',
  (name) => {
    expect(framesIn(`${traffic(12_000)}${forms[name]?.(bytes) ?? ''}\n`)).toBe(1);
  },
);

test.each([1, 2, 3, 5, 7])(
  'after such data a record is found whose lines have bytes of it by %i, and others stand between them',
  (count) => {
    const lines = Array.from({ length: Math.ceil(bytes.length / count) }, (_, line) =>
      hex(bytes.subarray(line * count, (line + 1) * count), ' '),
    );
    expect(framesIn(`${traffic(300)}${lines.map((line) => `${line}\nstill connected\n`).join('')}`)).toBe(1);
  },
);
