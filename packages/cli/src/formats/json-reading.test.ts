import { alarms, noValues, type Reading } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { toDocument } from './document.ts';
import { addJsonObject } from './json.ts';
import type { DeviceResult } from './result.ts';
import { exampleDevice } from './test/example-result.ts';
import { TextBuffer } from './text-buffer.ts';

const { source } = exampleDevice.reading;

const readings: Readonly<Record<string, Reading>> = {
  'a reading': exampleDevice.reading,
  'a reading without a time': { ...exampleDevice.reading, source: { ...source, time: NaN } },
  'one with a doubt': { ...exampleDevice.reading, doubt: 'pace' },
  'one of nothing': { ...noValues('cellData'), source },
  'one with every alarm': {
    ...exampleDevice.reading,
    alarms: Object.keys(alarms).filter((name): name is keyof typeof alarms => name in alarms),
    chargePhase: 'bulk',
    chargerPlugged: true,
  },
  'one of more cells than there is room for': {
    ...exampleDevice.reading,
    cellVoltage: Array.from({ length: 2000 }, (_, cell) => cell / 1001),
  },
  'one with NaN and infinity': {
    ...exampleDevice.reading,
    batteryPower: NaN,
    cellVoltage: [Infinity, null],
  },
};

test.each(Object.entries(readings))('%s is written as JSON has it', (_, reading) => {
  const device: DeviceResult = { device: 'Gerät', simulated: true, reading };
  const text = new TextBuffer();
  for (let count = 0; count < 100; count++) addJsonObject(text, device, 'cellData', { groups: ['cellData'] });
  const [expected] = toDocument({ devices: [device] }, { groups: ['cellData'] })['cell_data'] ?? [];
  expect(Buffer.from(text.octets).toString()).toBe(`${JSON.stringify(expected)},`.repeat(100));
});
