import { expect, test } from 'vitest';
import { errorCodes, errorName } from './error-codes.ts';

test('every code has one name and every name one code', () => {
  for (const [name, code] of Object.entries(errorCodes)) expect(errorName(code)).toBe(name);
});

test.each([
  [0x02, 'Unknown Connection Identifier'],
  [0x08, 'Connection Timeout'],
  [0x13, 'Remote User Terminated Connection'],
  [0x16, 'Connection Terminated By Local Host'],
  [0x3e, 'Connection Failed to be Established / Synchronization Timeout'],
  [0xfe, '0xfe'],
])('%i is %s', (code, name) => {
  expect(errorName(code)).toBe(name);
});
