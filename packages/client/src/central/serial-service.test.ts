import type { GattCharacteristic } from '@ubmsc/session';
import { expect, test } from 'vitest';
import { chooseSerial, isSerialService } from './serial-service.ts';

const ffe1 = '0000ffe100001000800000805f9b34fb';

test('one characteristic serves both ways', () => {
  const both = { uuid: ffe1, properties: ['writeWithoutResponse', 'write', 'notify'] as const };
  const other = { uuid: 'ffe2', properties: ['writeWithoutResponse'] as const };
  expect(chooseSerial([other, both])).toEqual({
    notifying: both,
    writable: both,
    withoutResponse: true,
    writesBothWays: true,
  });
});

test('of two with the same UUID, each is chosen by its properties', () => {
  const writable = { uuid: 'ffe1', properties: ['write', 'writeWithoutResponse'] as const };
  const notifying = { uuid: 'ffe1', properties: ['read', 'notify'] as const };
  expect(chooseSerial<typeof writable | typeof notifying>([writable, notifying])).toMatchObject({
    notifying,
    writable,
  });
});

test('one that confirms every write is taken where there is no other', () => {
  const only = { uuid: ffe1, properties: ['write', 'notify'] as const };
  expect(chooseSerial([only])).toMatchObject({ withoutResponse: false, writesBothWays: false });
});

test.each<readonly [string, GattCharacteristic]>([
  ['none to write to', { uuid: ffe1, properties: ['notify'] }],
  ['none that notifies', { uuid: ffe1, properties: ['write'] }],
  ['another UUID', { uuid: 'ffe2', properties: ['write', 'notify'] }],
])('%s: nothing is chosen', (_, characteristic) => {
  expect(chooseSerial([characteristic])).toBeUndefined();
});

test('the service is known by its short and by its long UUID', () => {
  expect(isSerialService({ uuid: 'ffe0' })).toBe(true);
  expect(isSerialService({ uuid: ffe1.replace('ffe1', 'ffe0') })).toBe(true);
  expect(isSerialService({ uuid: ffe1 })).toBe(false);
});
