import { encode, layouts, settingsJk02_32s, snakeCase } from '@ubmsc/protocol';
import type { ReceivedFrame } from '@ubmsc/session';
import { describe, expect, test } from 'vitest';
import { isSetting, settingsEntries, settingsLines } from './settings-entries.ts';

const time = Date.UTC(2025, 2, 4, 5, 6, 7, 8);
const received = (registers: readonly number[]): ReceivedFrame => {
  const enableFlags = new Uint8Array(9);
  for (const register of registers)
    enableFlags[register >> 3] = (enableFlags[register >> 3] ?? 0) | (1 << (register & 7));
  const fields = {
    cellOvp: 3.65,
    cellCount: 2,
    chargeSwitch: 1,
    controls: 1 << 6,
    heatingStartTemperature: 60,
  };
  return { frame: encode(settingsJk02_32s, { ...fields, enableFlags }), variant: 'jk02-32s', time };
};

describe('settings', () => {
  test('are with raw all fields of the record, with variant and time', () => {
    const entries = settingsEntries(received([0x04]), { raw: true });
    const fields = Object.keys(settingsJk02_32s.fields);
    expect(entries.map(({ key }) => key)).toEqual([...fields.map(snakeCase), 'variant', 'time']);
    expect(entries.at(-1)?.value).toBe('2025-03-04T05:06:07.008Z');
  });

  test('are those that the device has, in the order of the record', () => {
    const entries = settingsLines(settingsEntries(received([0x04, 0x1d, 0x2d, 0x2e]), {}));
    expect(entries.map(({ key, value }) => [key, value])).toEqual([
      ['cell_ovp', 3.65],
      ['charge_switch', true],
      ['controls', ['smart_sleep']],
    ]);
    expect(entries[2]?.display?.choices).toEqual(['smart_sleep', 'disable_pcl_module']);
  });

  test.each(['jk04', 'jk02-24s'] as const)(
    'are all that are known of a %s, which has no map of them',
    (variant) => {
      const frame = encode(layouts[variant].settings, { cellCount: 8 });
      const known = Object.entries(layouts[variant].settings.fields).filter(
        ([name]) => !name.startsWith('unknown'),
      );
      const keys = settingsLines(settingsEntries({ frame, variant, time }, {})).map(({ key }) => key);
      expect(keys).toEqual(known.map(([name]) => snakeCase(name)).filter(isSetting));
      expect(keys).toContain('cell_count');
    },
  );
});
