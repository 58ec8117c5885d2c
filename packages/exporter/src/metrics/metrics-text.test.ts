import {
  alarms,
  cellDataJk02_32s,
  decode,
  deviceInfoJk02_32s,
  encode,
  toDeviceInfo,
  toReading,
  type DeviceInfo,
  type Reading,
} from '@ubmsc/protocol';
import { sanitize } from '@ubmsc/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMetrics, type Family } from '@ubmsc/testing';
import { metricsText, type Sample } from './metrics-text.ts';

const reading: Reading = toReading(
  decode(
    cellDataJk02_32s,
    encode(cellDataJk02_32s, {
      enabledCells: 0b1011,
      cellVoltages: [3.301, 0, 0, 2.384],
      cellWireResistances: [0.05, 0.06, 0, 0.07],
      packVoltage: 14.306,
      packCurrent: -2.5,
      temperature1: 21.5,
      temperature2: null,
      mosTemperature: null,
      stateOfCharge: 63,
      fullChargeCapacity: 100,
      cycleCount: 12,
      cycleCapacity: 1234.567,
      totalRuntime: 1709112,
      chargeMosOn: 1,
      alarms: (1 << alarms.cellUnderVoltage.bit) | (1 << alarms.cellOverVoltage.bit),
    }),
  ),
  { variant: 'jk02-32s', counter: 0, time: 0 },
);

const deviceInfo: DeviceInfo = toDeviceInfo(
  decode(
    deviceInfoJk02_32s,
    encode(deviceInfoJk02_32s, { model: 'JK_BD4A8S4P', totalRuntime: 1709100, powerOnCount: 1 }),
  ),
);

const families = (...samples: Sample[]): Family[] => parseMetrics(metricsText(samples));

/** Each series of the metric as its labels without `device` and its value. */
function seriesOf(name: string, sample: Omit<Sample, 'device'>): unknown[] {
  const family = families({ device: 'b', ...sample }).find((candidate) => candidate.name === name);
  return (family?.series ?? []).map(({ labels: { device, ...labels }, value }) => {
    expect(device).toBe('b');
    return [labels, value];
  });
}

describe('the page', () => {
  test('has the names, types and help that dashboards of earlier versions use', () => {
    const page = families({ device: 'b', deviceInfo, reading: { ...reading, mosfetTemperature: 30 } });
    const seed = page
      .map(({ name, type, help }) => `${name} "${help}" ${type}`)
      .filter((line) => expected.includes(line));
    expect(seed.toSorted()).toEqual(expected);
  });

  test('has no metric of a text or of a passcode', () => {
    const names = families({ device: 'b', deviceInfo }).map(({ name }) => name);
    expect(names).toEqual(['up_time', 'poweron_times']);
  });

  test('counts cells and probes from 0 and leaves out those that are not there', () => {
    expect(seriesOf('cell_voltage', { reading })).toEqual([
      [{ cell: '0' }, 3.301],
      [{ cell: '1' }, 0],
      [{ cell: '3' }, 2.384],
    ]);
    expect(seriesOf('battery_temperature', { reading })).toEqual([[{ cell: '0' }, 21.5]]);
  });

  test('has no line for a value that the device does not have', () => {
    expect(seriesOf('mosfet_temperature', { reading })).toEqual([]);
    expect(seriesOf('battery_voltage', {})).toEqual([]);
  });

  test('has no line for what is not a number', () => {
    const broken = { ...reading, cellVoltage: [NaN, 3.3], cycleCapacity: Infinity };
    expect(seriesOf('cell_voltage', { reading: broken })).toEqual([[{ cell: '1' }, 3.3]]);
    expect(seriesOf('cycle_capacity', { reading: broken })).toEqual([]);
  });

  test('has states as 0 and 1', () => {
    expect(seriesOf('charge_mosfet', { reading })).toEqual([[{}, 1]]);
    expect(seriesOf('discharge_mosfet', { reading })).toEqual([[{}, 0]]);
  });

  test('has a line for every alarm that exists, 1 when it is active', () => {
    const lines = seriesOf('alarm', { reading });
    expect(lines).toHaveLength(Object.keys(alarms).length);
    expect(lines).toContainEqual([{ alarm: 'cell_under_voltage' }, 1]);
    expect(lines).toContainEqual([{ alarm: 'cell_over_voltage' }, 1]);
    expect(lines.filter((line) => JSON.stringify(line).endsWith(',1]'))).toHaveLength(2);
  });

  test('takes the up time from the reading, and from device info when there is no reading', () => {
    expect(seriesOf('up_time', { deviceInfo, reading })).toEqual([[{}, 1709112]]);
    expect(seriesOf('up_time', { deviceInfo })).toEqual([[{}, 1709100]]);
  });

  test('has nothing of device info that a reading has: that is as old as the link', () => {
    expect(seriesOf('up_time', { deviceInfo, reading: { ...reading, upTime: null } })).toEqual([]);
  });

  test('has a line for every phase of charging, 1 for the one that it is in', () => {
    expect(seriesOf('charge_phase', { reading: { ...reading, chargePhase: 'float' } })).toEqual([
      [{ phase: 'bulk' }, 0],
      [{ phase: 'absorption' }, 0],
      [{ phase: 'float' }, 1],
    ]);
    expect(seriesOf('charge_phase', { reading })).toEqual([]);
  });

  test('has nothing in a name that a terminal would obey, and no name of any length', () => {
    const names = ['\u{1b}[2Jcleared', 'x'.repeat(100), `${'x'.repeat(100)}y`];
    const page = families(...names.map((device) => ({ device, deviceInfo })));
    expect(page[0]?.series.map(({ labels }) => labels['device'])).toEqual([
      '\u{fffd}[2Jcleared',
      'x'.repeat(64),
      `${'x'.repeat(64)} 2`,
    ]);
  });

  test('does not add up the counters of a device that is given twice', () => {
    const twice = families({ device: 'b', deviceInfo }, { device: 'b', deviceInfo });
    expect(twice).toEqual(families({ device: 'b', deviceInfo }));
  });

  test('puts the prefix before every name', () => {
    const page = metricsText([{ device: 'b', deviceInfo, reading }], { prefix: 'ubmsc_' });
    expect(parseMetrics(page).filter(({ name }) => !name.startsWith('ubmsc_'))).toEqual([]);
    expect(() => metricsText([{ device: 'b', deviceInfo }], { prefix: '9 ' })).toThrow(/name/);
  });

  test('keeps nothing of an earlier page', () => {
    metricsText([{ device: 'gone', reading }]);
    expect(families({ device: 'b', deviceInfo })).toHaveLength(2);
    expect(families()).toEqual([]);
  });

  test('has exactly the devices that were given, whatever characters are in their names', async () => {
    const nasty = fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', '{', '}', ',', '=', ' ', 'é') });
    const names = fc.uniqueArray(nasty, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(names, async (devices) => {
        const page = families(...devices.map((device) => ({ device, deviceInfo })));
        const powerons = page.find(({ name }) => name === 'poweron_times');
        expect(powerons?.series).toEqual(
          devices.map((device) => ({ labels: { device: sanitize(device) }, value: 1 })),
        );
      }),
    );
  });
});

const expected = [
  'average_cell_voltage "Average voltage of cells, V" gauge',
  'balance_current "Cells balance current, A" gauge',
  'battery_current "Current of battery, A" gauge',
  'battery_power "Power of battery, W" gauge',
  'battery_temperature "Temperatures of battery, ℃" gauge',
  'battery_voltage "Voltage of battery, V" gauge',
  'cell_resistance "Resistances of cells, Ω" gauge',
  'cell_voltage "Voltages of cells, V" gauge',
  'cycle_capacity "Cycle capacity, A·h" counter',
  'cycle_count "Number of battery cycles" counter',
  'delta_cell_voltage "Delta voltage of cells, V" gauge',
  'mosfet_temperature "Temperature of mosfet, ℃" gauge',
  'poweron_times "Number of poweron cycles" counter',
  'remain_capacity "Remain capacity of battery, A·h" gauge',
  'remain_percent "Remain capacity of battery, %" gauge',
  'up_time "Time that the device has run since it was made, s; on JK04 since its last power-on" counter',
];
