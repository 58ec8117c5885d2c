import fc from 'fast-check';
import { expect, test } from 'vitest';
import { golden, fromHex, toHex } from '@ubmsc/testing';
import { acknowledge, decodeRequest, encodeRequest, REQUEST_VALUE_LENGTH } from './request.ts';

test.each(golden.requests)('the request $name decodes and encodes to the same bytes', ({ hex }) => {
  const request = decodeRequest(fromHex(hex));
  if (!request) throw new Error('not a request');
  expect(toHex(encodeRequest(request.command, request.value))).toBe(hex);
});

test('the acknowledge is the one that batteries send', () => {
  expect(toHex(acknowledge)).toBe('aa5590ebc8010100000000000000000000000044');
});

test('a request carries any command with any value of up to 13 bytes', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.uint8Array({ maxLength: REQUEST_VALUE_LENGTH }), (command, value) => {
      expect(decodeRequest(encodeRequest(command, value))).toEqual({ command, value });
    }),
  );
});

test('a value that does not fit is refused', () => {
  expect(() => encodeRequest(0x9f, new Uint8Array(14))).toThrow(RangeError);
});

test('bytes with any one bit flipped are not a request', () => {
  fc.assert(
    fc.property(fc.nat(19), fc.nat(7), (at, bit) => {
      const bytes = encodeRequest(0x97);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      expect(decodeRequest(bytes)).toBeUndefined();
    }),
  );
});
