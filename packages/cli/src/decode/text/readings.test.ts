import { expect, test } from 'vitest';
import { sealFrame } from '@ubmsc/protocol';
import { forms } from '../test/forms.ts';
import { goldenFrame } from '../test/golden.ts';
import { TextFrames } from './text-frames.ts';

const { bytes } = goldenFrame('32s-settings');

test.each([
  ['words as long as data', 'internationalization misunderstandings telecommunications'],
  ['a word alone on a line', 'disconnected'],
  ['paths', '/org/bluez/hci0/device/servicedescription/characteristicvalue'],
  ['text with a percent sign', 'battery at 87 % of its capacity, 100%'],
  ['a path of Windows', String.raw`C:\users\bob\documents\traces\jk.txt`],
])('%s are not bytes', (_, line) => {
  const frames = new TextFrames();
  expect([...frames.push(`${line}\n`.repeat(500)), ...frames.end()]).toEqual([]);
  expect(frames.bytes).toBe(0);
});

test('a word between lines of base64 is not read as data', () => {
  const text = forms['base64, a notification a line']?.(bytes) ?? '';
  const frames = new TextFrames();
  const items = [
    ...frames.push(`${text}\nsettings received completely\ndisconnected\n${text}\n`),
    ...frames.end(),
  ];
  expect(items.map(({ kind }) => kind)).toEqual(['frame', 'frame']);
});

test.each([
  ['an escaped byte', String.raw`name \x41 or \x9c, and what else there is to say`],
  ['hexadecimal digits', '20'.repeat(20)],
])('a text of a battery that looks like %s is that text, also in a log of Python', (_, text) => {
  const odd = new Uint8Array(bytes.length);
  odd.set(Buffer.from(text), 40);
  const frame = sealFrame('settings', odd);
  const frames = new TextFrames();
  const items = [...frames.push(`${forms['a log of Python']?.(frame.bytes) ?? ''}\n`), ...frames.end()];
  expect(items).toEqual([{ kind: 'frame', offset: 0, frame }]);
});
