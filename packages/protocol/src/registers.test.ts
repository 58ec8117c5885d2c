import { expect, test } from 'vitest';
import { golden, toHex } from '@ubmsc/testing';
import { variants, type Variant } from './layout.ts';
import { encodeRegisterWrite, registersOf } from './registers.ts';
import { commands } from './request.ts';

const request = (name: string): string => golden.requests.find((each) => each.name === name)?.hex ?? name;

test.each<[name: string, variant: Variant, field: string, value: number | string]>([
  ['chargeOn', 'jk02-24s', 'chargeSwitch', 1],
  ['chargeOff', 'jk02-32s', 'chargeSwitch', 0],
  ['dischargeOn', 'jk02-24s', 'dischargeSwitch', 1],
  ['balancerOff', 'jk02-32s', 'balancerSwitch', 0],
  ['cellOvp 3.65 V', 'jk02-24s', 'cellOvp', 3.65],
  ['chargeUtp -10.0 C', 'jk02-32s', 'chargeUtp', -10],
  ['32S heatingOn', 'jk02-32s', 'heating', 1],
  ['32S heatingStart 3 C', 'jk02-32s', 'heatingStartTemperature', 3],
  ['32S setRtc 200000000', 'jk02-32s', 'rtc', 200_000_000],
  ['32S uart1 protocol 1', 'jk02-32s', 'uart1Protocol', 1],
  ['JK04 powerOff 3.2 V', 'jk04', 'powerOffVoltage', 3.2],
  ['JK04 balancerOn', 'jk04', 'balancerSwitch', 1],
  ['JK04 cellCount 16', 'jk04', 'cellCount', 16],
  ['userData "abc"', 'jk02-32s', 'userData', 'abc'],
])('%s is the request of %s that writes %s', (name, variant, field, value) => {
  expect(toHex(encodeRegisterWrite(variant, field, value))).toBe(request(name));
});

test('a register of another variant is refused, and so is a text that does not fit', () => {
  expect(() => encodeRegisterWrite('jk04', 'cellOvp', 3.65)).toThrow(RangeError);
  expect(() => encodeRegisterWrite('jk02-24s', 'heating', 1)).toThrow(RangeError);
  expect(() => encodeRegisterWrite('jk02-32s', 'userData', 'fourteen chars')).toThrow(RangeError);
});

test('no command is a register, least of all one that destroys', () => {
  const numbers = variants.flatMap((variant) =>
    Object.values(registersOf(variant)).map(({ register }) => register),
  );
  const destructive = [0x65, 0x66, 0x68, 0x69, 0x6a, 0x9d, 0xa3, 0xff];
  const jk02 = Object.values({ ...registersOf('jk02-24s'), ...registersOf('jk02-32s') }).map(
    ({ register }) => register,
  );
  for (const command of Object.values(commands)) expect(numbers).not.toContain(command);
  for (const command of destructive) expect(jk02).not.toContain(command);
});
