import { UsageError } from '@ubmsc/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBrokerUrl } from './parse-url.ts';

test.each([
  ['mqtt://broker', 'mqtt://broker', undefined, undefined],
  ['mqtt://anna:s%40x@broker:1884', 'mqtt://broker:1884', 'anna', 's@x'],
  ['wss://broker/mqtt?token=secret', 'wss://broker/mqtt', undefined, undefined],
  ['mqtts://[::1]:8883/ignored', 'mqtts://[::1]:8883', undefined, undefined],
])('%s is shown as %s', (text, title, user, password) => {
  const { url, ...rest } = parseBrokerUrl(text);
  expect(rest).toEqual({ title, user, password });
  expect(url.href).not.toContain('@');
});

test.each(['broker', 'http://broker', 'mqtt://', 'mqtt:broker'])('%s is refused', (text) => {
  expect(() => parseBrokerUrl(text)).toThrow(UsageError);
});

test('any text is a URL or a usage error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
      try {
        parseBrokerUrl(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
});
