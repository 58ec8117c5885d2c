import { expect, test } from 'vitest';
import { decodeAddress, encodeAddress, isAddress } from './address.ts';

test('on the wire, an address begins with its least significant octet', () => {
  const wire = encodeAddress('C8:47:8C:00:00:01');
  expect(wire.toString('hex')).toBe('0100008c47c8');
  expect(decodeAddress(Buffer.concat([Buffer.from([9]), wire]), 1)).toBe('C8:47:8C:00:00:01');
});

test.each(['c8:47:8c:00:00:01', 'C8478C000001', 'C8:47:8C:00:00', 'C8:47:8C:00:00:01:02', ''])(
  '%j is not an address',
  (text) => {
    expect(isAddress(text)).toBe(false);
  },
);
