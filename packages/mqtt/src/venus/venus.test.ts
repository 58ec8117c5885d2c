import { expect, test } from 'vitest';
import { readingWith, statusWith } from '@ubmsc/testing';
import { venusPayload } from './venus.ts';

const reading = readingWith({
  cellVoltage: [3.3, 3.301],
  nominalCapacity: 100,
  batteryVoltage: 6.6,
  batteryCurrent: -2,
  remainPercent: 50,
  batteryTemperature: [20.5],
  chargeMosfet: true,
  dischargeMosfet: false,
  balancing: null,
  stateOfHealth: null,
});

test('Venus OS gets what its driver demands, by the types that it checks', () => {
  expect(venusPayload(statusWith({}), reading)).toMatchObject({
    cell_count: 2,
    capacity: 100,
    serial_number: 'c84780000001',
    voltage: 6.6,
    current: -2,
    soc: 50,
    temperature_1: 20.5,
    charge_fet: true,
    discharge_fet: false,
    cells: [{ voltage: 3.3 }, { voltage: 3.301 }],
  });
});

test('what is optional and absent is left out: the driver refuses a message with null', () => {
  const payload = venusPayload(statusWith({}), reading);
  expect(payload).not.toHaveProperty('soh');
  expect(payload).not.toHaveProperty('balance_fet');
  expect(JSON.stringify(payload)).not.toContain('null');
});

test('limits of charging are never sent: they would steer chargers', () => {
  expect(JSON.stringify(venusPayload(statusWith({}), reading))).not.toMatch(/max_battery|min_battery/);
});

test('without a value that is demanded nothing is sent', () => {
  for (const absent of [
    { batteryVoltage: null },
    { chargeMosfet: null },
    { batteryTemperature: [] },
    { cellVoltage: [3.3, null] },
    { cellVoltage: [] },
  ]) {
    expect(venusPayload(statusWith({}), { ...reading, ...absent })).toBeUndefined();
  }
});
