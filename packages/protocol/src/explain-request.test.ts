import { describe, expect, test } from 'vitest';
import { explainRequest } from './explain-request.ts';
import { layouts } from './layouts/index.ts';
import type { Layout } from './layout.ts';
import { snakeCase } from './measurements.ts';

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
    for (const variant of ['jk02-32s', 'jk02-24s', 'jk04'] as const) {
      const all: readonly Layout[] = Object.values(layouts[variant]);
      for (const { fields } of all)
        for (const [name, { register }] of Object.entries(fields))
          if (register !== undefined)
            expect(explainRequest({ command: register, value: bytes(1) }, variant).name).toBe(
              snakeCase(name),
            );
    }
  });
});
