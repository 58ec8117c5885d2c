import { alarms, measurements, snakeCase } from '@ubmsc/protocol';
import { discoveryProblems, readingWith, statusWith } from '@ubmsc/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateOf } from '../state/values.ts';
import { topicsWith } from '../topics.ts';
import { batteryDiscovery, deviceName, hostDiscovery } from './discovery.ts';
import { entitiesOf } from './entities.ts';

const topics = topicsWith('ubmsc', 'homeassistant');
const energy = Object.fromEntries(Object.keys(measurements.energy).map((name) => [name, 1]));
const full = readingWith({
  cellVoltage: Array.from({ length: 16 }, () => 3.3),
  cellResistance: Array.from({ length: 16 }, () => 0.0001),
  batteryTemperature: [20, 21],
  averageCellVoltage: 3.3,
  chargePhase: 'bulk',
  upTime: 10,
  alarms: [],
});

interface Device {
  readonly device: Readonly<Record<string, unknown>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function payloadOf(status = statusWith({}), reading = full, removed = {}): { text: string; value: Device } {
  const components = entitiesOf({ ...stateOf(status, reading), ...snake(energy) }, 90);
  const options = { topics, host: 'pi-1a2b3c', version: '1.2.3', expireAfter: 90 };
  const text = JSON.stringify(
    batteryDiscovery({ ...options, id: 'c84780000001', status, components, removed }),
  );
  const value: Device = JSON.parse(text);
  return { text, value };
}

const snake = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [snakeCase(name), value]));

describe('a discovery payload', () => {
  test('is taken by Home Assistant as it is', () => {
    expect(discoveryProblems(topics.discovery('ubmsc_c84780000001'), payloadOf().text)).toEqual([]);
    const options = { topics, host: 'pi-1a2b3c', version: '1.2.3', expireAfter: 90 };
    const host = JSON.stringify(hostDiscovery(options));
    expect(discoveryProblems(topics.discovery('ubmsc_host_pi-1a2b3c'), host)).toEqual([]);
  });

  test('is accepted whatever a battery reports about itself, and whatever its name is', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(text, text, text, (device, name, model) => {
        const deviceInfo = { ...noInfo, deviceModel: model, hardwareVersion: model, softwareVersion: name };
        const payload = payloadOf(statusWith({ device, name, deviceInfo })).text;
        const problems = discoveryProblems(topics.discovery('ubmsc_c84780000001'), payload);
        // An empty alias cannot be configured.
        expect(problems.filter((problem) => device !== '' || !problem.startsWith('device name'))).toEqual([]);
      }),
    );
  });

  test('has an entity for each measurement that the battery has, and each alarm', () => {
    const { components } = payloadOf().value;
    expect(components).toMatchObject({
      cell_voltage_16: { device_class: 'voltage', suggested_display_precision: 3, unit_of_measurement: 'V' },
      remain_percent: { name: null, device_class: 'battery', state_class: 'measurement' },
      remain_capacity: { unit_of_measurement: 'Ah', state_class: 'measurement' },
      energy_charged: { device_class: 'energy', state_class: 'total_increasing', unit_of_measurement: 'kWh' },
      cell_resistance_1: { enabled_by_default: false, entity_category: 'diagnostic' },
      charge_phase: { device_class: 'enum', options: ['bulk', 'absorption', 'float'] },
      last_boot: { device_class: 'timestamp' },
    });
    expect(components['remain_capacity']).not.toHaveProperty('device_class');
    for (const name of Object.keys(alarms)) expect(components).toHaveProperty(`alarm_${snakeCase(name)}`);
    expect(payloadOf(undefined, { ...full, chargePhase: null }).value.components).not.toHaveProperty(
      'charge_phase',
    );
  });

  test('takes away an entity by its platform alone', () => {
    const { text, value } = payloadOf(undefined, undefined, { cell_voltage_17: 'sensor' });
    expect(value.components['cell_voltage_17']).toEqual({ platform: 'sensor' });
    expect(discoveryProblems(topics.discovery('ubmsc_c84780000001'), text)).toEqual([]);
  });

  test('joins a real battery with the Bluetooth device of its address, a simulated one with none', () => {
    expect(payloadOf().value.device['connections']).toEqual([['bluetooth', 'C8:47:80:00:00:01']]);
    expect(payloadOf(statusWith({ simulated: true })).value.device).not.toHaveProperty('connections');
  });
});

test('devices are called by their alias, or else by name and address, since packs share names', () => {
  const battery = { name: 'JK_B2A20S20P', address: 'C8:47:80:00:AB:01' };
  expect(deviceName(statusWith({ ...battery, device: 'House / roof' }))).toBe('House / roof');
  expect(deviceName(statusWith({ ...battery, device: 'JK_B2A20S20P' }))).toBe('JK_B2A20S20P AB01');
  expect(deviceName(statusWith({ ...battery, device: 'c8:47:80:00:ab:01' }))).toBe('JK_B2A20S20P AB01');
});

const noInfo = {
  deviceModel: null,
  hardwareVersion: null,
  softwareVersion: null,
  upTime: null,
  poweronTimes: null,
  deviceName: null,
  devicePasscode: null,
  manufacturingDate: null,
  serialNumber: null,
  passcode: null,
  userdata: null,
  setupPasscode: null,
  userdata2: null,
};
