import { golden, fromHex } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { explainRequest } from './explain-request.ts';
import { layouts, variants, type Variant } from './layouts/index.ts';
import type { Layout } from './layout.ts';
import { snakeCase } from './measurements.ts';
import { commands, decodeRequest } from './request.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('what a request asks for', () => {
  test.each([
    [0x97, [], 'jk02-32s', { name: 'read_device_info', action: 'read', value: null }],
    [0xa1, [], 'jk04', { name: 'read_logbook', action: 'read' }],
    [0xc8, [1], 'jk02-32s', { name: 'acknowledge', action: 'acknowledge' }],
    [0x04, [0x42, 0x0e, 0, 0], 'jk02-24s', { name: 'cell_ovp', action: 'write', value: 3.65, unit: 'V' }],
    [0x1d, [1, 0, 0, 0], 'jk02-32s', { name: 'charge_switch', value: true, unit: null }],
    [0x2d, [1, 0, 0, 0], 'jk02-32s', { name: 'smart_sleep', value: true }],
    [0x37, [0xfb], 'jk02-32s', { name: 'heating_start_temperature', value: -5, unit: '°C' }],
    [0x6c, [0x10, 0, 0, 0], 'jk02-32s', { name: 'set_rtc', value: 16, unit: 's' }],
    [0x64, [0x6f, 0x12, 0x83, 0x3a], 'jk04', { value: 0.001, unit: 'V' }],
    [0x9f, [0x61, 0x62], 'jk02-32s', { name: 'user_data', value: 'ab' }],
    [0x9c, [0x61, 0x62], 'jk02-32s', { name: 'device_passcode', value: '***', bytes: '***' }],
    [0xa0, [0x61, 0x62], 'jk02-32s', { name: 'settings_passcode', value: '***', bytes: '***' }],
    [0xf0, [9], 'jk02-32s', { name: 'unknown', action: 'write', value: null, bytes: '09' }],
  ] as const)('0x%s with %j', (command, value, variant, expected) => {
    expect(explainRequest({ command, value: bytes(...value) }, variant)).toMatchObject(expected);
  });

  test('names every register of every layout', () => {
    for (const variant of variants) {
      const all: readonly Layout[] = Object.values(layouts[variant]);
      for (const { fields } of all)
        for (const [name, { register }] of Object.entries(fields))
          if (register !== undefined)
            expect(explainRequest({ command: register, value: bytes(1) }, variant).name).toBe(
              snakeCase(name),
            );
    }
  });

  test('tells no text of a register that is a passcode to another variant', () => {
    for (const command of [0x9c, 0xa0])
      expect(explainRequest({ command, value: bytes(0x61, 0x62) }, 'jk04')).toMatchObject({ bytes: '***' });
  });
});

describe('a request of the golden vectors', () => {
  const request = (name: string): string => golden.requests.find((each) => each.name === name)?.hex ?? '';

  test.each<[name: string, variant: Variant, setting: string, value: number | string | boolean]>([
    ['chargeOn', 'jk02-24s', 'charge_switch', true],
    ['chargeOff', 'jk02-32s', 'charge_switch', false],
    ['dischargeOn', 'jk02-24s', 'discharge_switch', true],
    ['balancerOff', 'jk02-32s', 'balancer_switch', false],
    ['cellOvp 3.65 V', 'jk02-24s', 'cell_ovp', 3.65],
    ['chargeUtp -10.0 C', 'jk02-32s', 'charge_utp', -10],
    ['32S heatingOn', 'jk02-32s', 'heating', true],
    ['32S heatingStart 3 C', 'jk02-32s', 'heating_start_temperature', 3],
    ['32S setRtc 200000000', 'jk02-32s', 'set_rtc', 200_000_000],
    ['32S uart1 protocol 1', 'jk02-32s', 'uart1_protocol', 'JK Modbus V1.0'],
    ['JK04 powerOff 3.2 V', 'jk04', 'power_off_voltage', 3.2],
    ['JK04 balancerOn', 'jk04', 'balancer_switch', true],
    ['JK04 cellCount 16', 'jk04', 'cell_count', 16],
    ['userData "abc"', 'jk02-32s', 'user_data', 'abc'],
  ])('%s, to %s, writes %s', (name, variant, setting, value) => {
    const decoded = decodeRequest(fromHex(request(name)));
    expect(decoded && explainRequest(decoded, variant)).toMatchObject({
      name: setting,
      value,
      action: 'write',
    });
  });
});

test('no command is a register, least of all one that destroys', () => {
  const registersOf = (...of: Variant[]): (number | undefined)[] =>
    of.flatMap((variant) => {
      const all: readonly Layout[] = Object.values(layouts[variant]);
      return all.flatMap(({ fields, writeOnly }) =>
        Object.values({ ...fields, ...writeOnly }).flatMap((field) => [
          field.register,
          ...Object.values(('bits' in field && field.bits) || {}).map(({ register }) => register),
        ]),
      );
    });
  const destructive = [0x65, 0x66, 0x68, 0x69, 0x6a, 0x9d, 0xa3, 0xff];
  for (const command of Object.values(commands)) expect(registersOf(...variants)).not.toContain(command);
  for (const command of destructive) expect(registersOf('jk02-24s', 'jk02-32s')).not.toContain(command);
});
