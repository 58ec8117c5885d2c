import { expect, test } from 'vitest';
import { UsageError } from '@ubmsc/base';
import { formatEtherSpec, parseEtherSpec, type EtherSpec } from './ether-spec.ts';

test.each<[string, EtherSpec]>([
  ['unix:/run/ether.sock', { kind: 'unix', path: '/run/ether.sock' }],
  ['unix:a b:c', { kind: 'unix', path: 'a b:c' }],
  ['tcp:127.0.0.1:9000', { kind: 'tcp', host: '127.0.0.1', port: 9000 }],
  ['tcp:localhost:0', { kind: 'tcp', host: 'localhost', port: 0 }],
  ['tcp:[::1]:65535', { kind: 'tcp', host: '::1', port: 65_535 }],
])('%s is an ether, and is written as it was read', (text, spec) => {
  expect(parseEtherSpec(text)).toEqual(spec);
  expect(formatEtherSpec(spec)).toBe(text);
});

test.each([
  '',
  'unix:',
  'hci0',
  'tcp:',
  'tcp:host',
  'tcp:host:',
  'tcp::9000',
  'tcp:host:65536',
  'tcp:host:-1',
  'tcp:::1:9000',
  'tcp:[::1:9000',
  'udp:host:1',
  'unix:a\0b',
])('%j is not an ether, and the error says what to write', (text) => {
  expect(() => parseEtherSpec(text)).toThrow(UsageError);
  expect(() => parseEtherSpec(text)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('unix:') }),
  );
});

test('a path counts in bytes, as the system does', () => {
  expect(parseEtherSpec(`unix:/${'a'.repeat(102)}`).kind).toBe('unix');
  expect(() => parseEtherSpec(`unix:/${'ä'.repeat(54)}`)).toThrow(/109 bytes/);
});
