import { measurements, snakeCase } from '@ubmsc/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readingWith, statusWith } from '@ubmsc/testing';
import { stateOf } from './values.ts';

test('every measurement is a key of the state, null when it is absent', () => {
  const state = stateOf(statusWith({}), readingWith({ batteryVoltage: null, heating: null, alarms: null }));
  const names = [...Object.keys(measurements.cellData), ...Object.keys(measurements.energy)].map(snakeCase);
  expect(Object.keys(state)).toEqual(
    expect.arrayContaining([...names, 'time', 'alarm', 'rssi', 'last_boot']),
  );
  expect(state).toMatchObject({
    battery_voltage: null,
    heating: null,
    alarms: null,
    alarm: null,
    energy_charged: null,
  });
});

test('notices are not alarms', () => {
  const alarmOf = (alarms: readonly ('cellOverVoltage' | 'cellUnderVoltage')[]): unknown =>
    stateOf(statusWith({}), readingWith({ alarms }))['alarm'];
  expect([alarmOf([]), alarmOf(['cellOverVoltage']), alarmOf(['cellUnderVoltage'])]).toEqual([
    false,
    false,
    true,
  ]);
});

test('the time of the last boot stays while both clocks run', () => {
  const first = stateOf(statusWith({}), readingWith({ upTime: 100 }, 1_000_000));
  const later = stateOf(statusWith({}), readingWith({ upTime: 161 }, 1_060_000), first);
  expect(later['last_boot']).toBe(first['last_boot']);
  const booted = stateOf(statusWith({}), readingWith({ upTime: 1 }, 2_000_000), first);
  expect(booted['last_boot']).toBe('1970-01-01T00:33:19.000Z');
});

test('JSON never has a value that is not a number', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity));
  fc.assert(
    fc.property(value, value, (voltage, cell) => {
      const state = stateOf(
        statusWith({}),
        readingWith({ batteryVoltage: voltage, cellVoltage: [cell, 3.3] }),
      );
      expect(state['battery_voltage']).toBe(Number.isFinite(voltage) ? voltage : null);
      expect(state['cell_voltage']).toEqual([Number.isFinite(cell) ? cell : null, 3.3]);
    }),
  );
});
