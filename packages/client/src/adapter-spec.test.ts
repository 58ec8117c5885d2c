import fc from 'fast-check';
import { UsageError } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { parseAdapterSpec } from './adapter-spec.ts';

test.each([
  ['hci0', { kind: 'hci', device: 0 }],
  ['hci12', { kind: 'hci', device: 12 }],
  ['sim', { kind: 'sim', batteries: 1 }],
  ['sim:3', { kind: 'sim', batteries: 3 }],
  ['sim:jk04-3.3', { kind: 'replay', source: { name: 'jk04-3.3' }, loop: true }],
  ['replay:/tmp/a b.jsonl', { kind: 'replay', source: { file: '/tmp/a b.jsonl' } }],
  [
    'replay:a.jsonl?speed=10&loop&from=1.5&to=90',
    { kind: 'replay', source: { file: 'a.jsonl' }, speed: 10, loop: true, from: 1.5, to: 90 },
  ],
  ['unix:/run/ether.sock', { kind: 'ether', address: 'unix:/run/ether.sock' }],
  ['tcp:127.0.0.1:9000', { kind: 'ether', address: 'tcp:127.0.0.1:9000' }],
])('%s names an adapter', (spec, expected) => {
  expect(parseAdapterSpec(spec)).toEqual(expected);
});

test.each([
  '',
  'hci',
  'hci-1',
  'HCI0',
  'sim:',
  'sim:0',
  'sim:100',
  'sim:-x',
  'replay:',
  'replay:a?speed=0',
  'replay:a?speed=',
  'replay:a?loop=maybe',
  'replay:a?to=x',
  'replay:a?fast',
  'unix:',
  'tcp:',
  'usb:1',
  ' hci0',
])('%j names none, and the error says what does', (spec) => {
  expect(() => parseAdapterSpec(spec)).toThrow(UsageError);
});

test('any text either names an adapter or is refused with a UsageError', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseAdapterSpec(text).kind).toMatch(/^(hci|sim|ether|replay)$/);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
});
