import { expect, test } from 'vitest';
import { escapedBytes } from './byte-literals.ts';

test.each([
  ['of the escape where it has both', String.raw`"\x{55}\x{aa}\x{eb}\x{90}"`, '55aaeb90'],
  ['a byte of its own where it has no other', String.raw`"\x55}\xaa}\xeb}\x90"`, '557daa7deb7d90'],
])('a brace after an escaped byte is %s', (_, line, hex) => {
  const bytes = escapedBytes(line).get('hexadecimal escapes') ?? [];
  expect(Buffer.from(bytes).toString('hex')).toBe(hex);
});
