import {
  recordNames,
  sealFrame,
  variants,
  FRAME_LENGTH,
  type RecordName,
  type Variant,
} from '@ubmsc/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formats } from '../formats/index.ts';
import { goldenFrame } from './test/golden.ts';
import { toResult, type FrameOptions } from './to-result.ts';

/** The entry of a frame in the JSON document. */
async function entry(name: string, options: FrameOptions = {}): Promise<Record<string, unknown>> {
  const frame = goldenFrame(name);
  const device = toResult({ frame, number: 7, offset: 0 }, variantOf(name), options);
  if (!device) throw new Error(`${name} has no layout`);
  const page = await formats.json.render({ devices: [device] }, { groups: [frame.record] });
  const document: Readonly<Record<string, Record<string, unknown>[]>> = JSON.parse(page);
  return Object.values(document)[0]?.[0] ?? {};
}

function variantOf(name: string): Variant {
  if (name.startsWith('32s')) return 'jk02-32s';
  return name.startsWith('24s') ? 'jk02-24s' : 'jk04';
}

describe('a frame', () => {
  test('of cell data or device info is an entry as that of a device, without address and time', async () => {
    expect(await entry('32s-cell-16s-discharging')).toMatchObject({
      battery_voltage: 52.816,
      remain_percent: 87,
      device: 'frame 7',
      variant: 'jk02-32s',
    });
    const info = await entry('24s-device-info');
    expect(info).toMatchObject({ device_passcode: '***', device: 'frame 7' });
    for (const key of ['address', 'time', 'simulated']) expect(info).not.toHaveProperty(key);
  });

  test('of settings has its fields by name, with switches, bits in words and a list as long as there are cells', async () => {
    const settings = await entry('32s-settings');
    expect(settings).toMatchObject({
      cell_ovp: 3.65,
      scp_delay: 1500,
      charge_switch: true,
      controls: ['heating', 'smart_sleep'],
      cell_count: 16,
      variant: 'jk02-32s',
      device: 'frame 7',
    });
    expect(settings['connection_wire_resistances']).toHaveLength(16);
  });

  test('of a JK04 has decimals that a float32 has, not those that a float64 adds', async () => {
    expect(await entry('jk04-settings')).toMatchObject({ balance_trigger_voltage: 0.005 });
  });

  test('of the logbook has as many entries as it counts, in words', async () => {
    expect(await entry('32s-logbook')).toMatchObject({
      entry_count: 3,
      entries: [
        { timestamp: 0, code: 1, event: 'boot' },
        { timestamp: 238, code: 68, event: 'LFP preset loaded' },
        { timestamp: 7536, code: 45, event: 'power-off by button' },
      ],
    });
  });

  test('of the detail log tells samples from events and has the clock of the device', async () => {
    const { records } = await entry('32s-detail-log');
    expect(records).toMatchObject([
      { event: 'sample', clock: '2026-05-03T19:33:20', status: ['charge_mosfet', 'discharge_mosfet'] },
      { event: 'charge under-temperature', pack_voltage: 52.82 },
    ]);
  });

  test('has unknown and reserved fields only when they are asked for', async () => {
    const [usual, raw] = [await entry('24s-settings'), await entry('24s-settings', { raw: true })];
    expect(Object.keys(usual).filter((key) => /^(?:unknown|reserved)/.test(key))).toEqual([]);
    expect(raw).toHaveProperty('unknown142', Array(16).fill('00').join(' '));
    const cells = await entry('24s-cell-8s-charging', { raw: true });
    expect(cells).toHaveProperty('unknown184', '00 00');
    expect(cells).toHaveProperty('pack_power');
    expect(await entry('24s-device-info', { raw: true })).toHaveProperty('unknown134');
  });

  test('that its variant is not known to send gives nothing', () => {
    const frame = goldenFrame('32s-logbook');
    expect(toResult({ frame, number: 1, offset: 0 }, 'jk04', {})).toBeUndefined();
  });
});

describe('an explained frame', () => {
  const rows = async (name: string, options: FrameOptions = {}): Promise<Record<string, unknown>[]> => {
    const { fields } = await entry(name, { ...options, explain: true });
    return Array.isArray(fields) ? fields : [];
  };
  const row = async (name: string, field: string): Promise<unknown> =>
    (await rows(name)).find((each) => each['field'] === field);

  test.each([
    ['cell_voltages[3]', { offset: 12, formula: 'u16 / 1000', value: 3.299, unit: 'V', bytes: 'e3 0c' }],
    ['pack_current', { offset: 158, formula: 'i32 / 1000', value: -12.345, unit: 'A', bytes: 'c7 cf ff ff' }],
    ['temperature1', { formula: 'i16 / 10, -2000 is absent', value: 21.5, unit: '°C' }],
    ['balance_state', { offset: 172, formula: 'u8 as name', value: 'discharging a cell', unit: null }],
    ['charge_mos_on', { formula: 'u8 != 0', value: true }],
    ['alarms', { offset: 166, formula: 'u32 as bits', value: 'none', bytes: '00 00 00 00' }],
    ['alarms.cell_under_voltage', { offset: 167, formula: 'bit 11', value: false, bytes: '00' }],
    ['temperature3', { formula: 'i16 / 10, -2000 is absent, if flag 59', value: null, bytes: 'f5 00' }],
    ['remaining_capacity', { unit: 'A·h', value: 243.6 }],
  ])('has offset, formula, value, unit and bytes of %s', async (field, expected) => {
    expect(await row('32s-cell-16s-discharging', field)).toMatchObject(expected);
  });

  test('has the fields of each entry of a log', async () => {
    expect(await row('32s-logbook', 'entries[1].timestamp')).toMatchObject({
      offset: 16,
      value: 238,
      unit: 's',
    });
    expect(await row('32s-logbook', 'entries[3].timestamp')).toBeUndefined();
  });

  test('has texts up to their end', async () => {
    expect(await row('32s-device-info', 'model')).toMatchObject({ formula: 'text', value: 'JK_PB2A16S20P' });
  });

  test('has each byte of the record when it is asked for all', async () => {
    for (const name of ['24s-cell-8s-charging', 'jk04-cell', '32s-settings', '32s-device-info']) {
      const found = await rows(name, { raw: true, showSecrets: true });
      const seen = new Set<number>();
      for (const { offset, bytes } of found) {
        const size = String(bytes).split(' ').length;
        for (let at = Number(offset); at < Number(offset) + size; at++) seen.add(at);
      }
      // The resistances of wires beyond the last cell mean nothing.
      expect(seen.size, name).toBe(name === '32s-settings' ? 294 - 16 * 4 : 294);
    }
  });
});

test('any frame taken for any variant is printed in every format', async () => {
  const anyFrame = fc
    .tuple(
      fc.constantFrom(...recordNames),
      fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH }),
    )
    .map(([record, bytes]) => sealFrame(record, bytes));
  const groups: readonly RecordName[] = recordNames;
  await fc.assert(
    fc.asyncProperty(
      anyFrame,
      fc.constantFrom(...variants),
      fc.constantFrom(...Object.values(formats)),
      fc.record({ raw: fc.boolean(), explain: fc.boolean(), showSecrets: fc.boolean() }),
      async (frame, variant, format, options) => {
        const device = toResult({ frame, number: 1, offset: 0 }, variant, options);
        const page = await format.render({ devices: device ? [device] : [] }, { ...options, groups });
        // oxlint-disable-next-line no-control-regex -- what steers a terminal must not come through
        if (format === formats.text) expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      },
    ),
    { numRuns: 300 },
  );
});
