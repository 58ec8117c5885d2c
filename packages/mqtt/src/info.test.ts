import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statusWith } from '@ubmsc/testing';
import { infoOf, parseInfo } from './info.ts';

test('what is kept of a battery is read as it was written', () => {
  const text = infoOf(statusWith({ device: 'ho"use', name: 'JK' }), 'pi-1', {
    alarm: { platform: 'binary_sensor' },
  });
  expect(parseInfo(text)).toEqual({
    host: 'pi-1',
    device: 'ho"use',
    name: 'JK',
    address: 'C8:47:80:00:00:01',
    components: { alarm: 'binary_sensor' },
  });
});

test('whatever somebody else has put there is read without an error, and never as an entity with a wrong name', () => {
  const junk = fc.oneof(fc.string(), fc.json(), fc.constantFrom('', 'null', '[]', '{"host":1,"device":"x"}'));
  fc.assert(fc.property(junk, (text) => void parseInfo(text)));
  const host = { host: 'x', device: 'y', components: { 'a b': 'sensor', alarm: 'light/../x', ok: 'sensor' } };
  expect(parseInfo(JSON.stringify(host))?.components).toEqual({ ok: 'sensor' });
});
