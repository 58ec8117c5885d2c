import fc from 'fast-check';
import { UsageError } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { parseAdapterSpec } from './adapter-spec.ts';

test.each([
  ['hci0', { kind: 'hci', device: 0 }],
  ['hci12', { kind: 'hci', device: 12 }],
  ['sim', { kind: 'sim', batteries: 1 }],
  ['sim:3', { kind: 'sim', batteries: 3 }],
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
  'sim:x',
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
        expect(parseAdapterSpec(text).kind).toMatch(/^(hci|sim|ether)$/);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
});
