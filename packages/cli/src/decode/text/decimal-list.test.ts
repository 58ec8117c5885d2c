import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalBytes } from './decimal-list.ts';

const bytes = [85, 170, 235, 144, 2, 0, 255, 10];

test.each([
  ['a list as Python prints it', `data: ${JSON.stringify(bytes).replaceAll(',', ', ')}`],
  ['a buffer as JSON', JSON.stringify({ type: 'Buffer', data: bytes })],
  ['a typed array', `Uint8Array(8) [ ${bytes.join(', ')} ]`],
  ['a list that goes on in the next line', `[${bytes.join(', ')},`],
])('%s gives its bytes', (_name, line) => {
  expect(decimalBytes(line)).toEqual(bytes);
});

test.each([
  ['hexadecimal numbers with commas', '[55, AA, EB, 90, 02, 10, 11, 12, 13]'],
  ['digits that may be hexadecimal', '[55, 10, 20, 30, 40, 50, 60, 70, 80]'],
  ['numbers that are not bytes', '[85, 170, 235, 144, 2, 0, 256, 10, 11]'],
  ['a time', '[12:00:01.123][D][main:073]: text'],
  ['a short list', '[1, 2, 300]'],
])('%s gives none', (_name, line) => {
  expect(decimalBytes(line)).toBeUndefined();
});

test('any text gives bytes or none', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      for (const byte of decimalBytes(line) ?? []) expect(byte).toBeLessThanOrEqual(255);
    }),
  );
});
