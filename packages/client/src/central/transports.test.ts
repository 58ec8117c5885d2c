import fc from 'fast-check';
import { UsageError } from '@ubmsc/base';
import { expect, test } from 'vitest';
import { parseReplaySpec } from '../virtual/replay-transport.ts';
import { adapterExamples, parseAdapter, splitAdapters, transports } from './transports.ts';

test.each([
  ['auto', 'auto'],
  ['bluez', 'bluez'],
  ['bluez:hci1', 'bluez'],
  ['bluez:00:1a:7d:da:71:13', 'bluez'],
  ['hci0', 'hci'],
  ['hci12', 'hci'],
  ['sim', 'sim'],
  ['sim:3', 'sim'],
  ['sim:jk04-3.3', 'sim'],
  ['replay:/tmp/a b.jsonl', 'replay'],
  ['replay:a.jsonl?speed=10&loop&from=1.5&to=90', 'replay'],
  ['unix:/run/ether.sock', 'unix'],
  ['tcp:127.0.0.1:9000', 'tcp'],
])('%s names an adapter', (text, scheme) => {
  expect(parseAdapter(text).scheme).toBe(scheme);
});

test.each([
  ['sim:jk04-3.3', { source: { name: 'jk04-3.3' }, loop: true }],
  ['replay:/tmp/a b.jsonl', { source: { file: '/tmp/a b.jsonl' } }],
  [
    'replay:a.jsonl?speed=10&loop&from=1.5&to=90',
    { source: { file: 'a.jsonl' }, speed: 10, loop: true, from: 1.5, to: 90 },
  ],
])('%s says which recording, and how it is replayed', (text, spec) => {
  expect(parseReplaySpec(text)).toEqual(spec);
});

test.each([
  '',
  'auto:',
  'auto0',
  'bluez:',
  'bluez0',
  'bluez:hci',
  'bluez:00:1a',
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
])('%j names none, and the error says what does', (text) => {
  expect(() => parseAdapter(text)).toThrow(UsageError);
});

test('any text either names an adapter or is refused with a UsageError', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('', ...transports.map(({ scheme }) => scheme)),
      (rest, scheme) => {
        try {
          expect(parseAdapter(scheme + rest).scheme).toBe(scheme);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      },
    ),
  );
});

test.each(transports.flatMap(({ scheme, examples }) => examples.map((example) => [example, scheme])))(
  '%s is in the help, and written so it names an adapter',
  (example, scheme) => {
    expect(adapterExamples().split(/, | or /)).toContain(example);
    expect(parseAdapter(example.replace(':port', ':9000')).scheme).toBe(scheme);
  },
);

test('several adapters are separated by commas, which a path may hold', () => {
  expect(splitAdapters('hci0,unix:/run/a,b.sock,sim:2,simple')).toEqual([
    'hci0',
    'unix:/run/a,b.sock',
    'sim:2,simple',
  ]);
});
