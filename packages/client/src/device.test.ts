import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { likelihood, matches } from './device.ts';

const address = 'C8:47:80:12:34:56';
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('a device is', () => {
  test('a JK for certain when its manufacturer data repeat its own address, whatever the company', () => {
    expect(likelihood(address, { manufacturerData: bytes('650b88a0c84780123456') })).toBe('certain');
    expect(likelihood(address.toLowerCase(), { manufacturerData: bytes('b60588a0c84780123456') })).toBe(
      'certain',
    );
  });

  test('a JK for certain with the data of the "JK" module', () => {
    expect(likelihood('20:21:11:00:00:01', { manufacturerData: bytes('4a4b0001') })).toBe('certain');
  });

  test('only possibly a JK with service FFE0 alone, which many products have', () => {
    expect(likelihood(address, { serviceUuids: ['ffe0'] })).toBe('possible');
    expect(likelihood(address, { serviceUuids: ['0000fee7-ffe0-1000-8000-00805f9b34fb'] })).toBe('possible');
    expect(
      likelihood(address, { manufacturerData: bytes('650b88a0c84780000000'), serviceUuids: ['ffe0'] }),
    ).toBe('possible');
  });

  test('unlikely a JK otherwise', () => {
    expect(likelihood(address, {})).toBe('unlikely');
    expect(likelihood(address, { manufacturerData: bytes('4c000215'), serviceUuids: ['180f'] })).toBe(
      'unlikely',
    );
    expect(likelihood('not an address', { manufacturerData: bytes('650b88a0') })).toBe('unlikely');
  });
});

describe('a device is meant by', () => {
  const device = { address, name: 'JK_B2A20S-20P' };

  test.each(['C8:47:80:12:34:56', 'c8-47-80-12-34-56', 'c84780123456'])(
    'its address, written %s',
    (wanted) => {
      expect(matches(device, wanted)).toBe(true);
    },
  );

  test.each(['JK_B2A20S-20P', 'jk b2a20s 20p', 'jkb2a20s20p'])('its name, written %s', (wanted) => {
    expect(matches(device, wanted)).toBe(true);
  });

  test.each(['JK_B2A20S', 'C8:47:80:12:34:57', ''])('neither by %j', (wanted) => {
    expect(matches(device, wanted)).toBe(false);
  });

  test('an address that it has for a name', () => {
    expect(matches({ address, name: 'C8:47:80:AA:BB:CC' }, 'c84780aabbcc')).toBe(true);
  });

  test('any name that it has', () => {
    fc.assert(fc.property(fc.string(), (name) => matches({ address, name }, name)));
  });
});
