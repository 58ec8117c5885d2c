import {
  alarms,
  decodeReading,
  FRAME_LENGTH,
  layouts,
  noValues,
  sealFrame,
  variants,
  type Reading,
} from '@ubmsc/protocol';
import fc from 'fast-check';
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

test.each(variants)('a record of %s is written as its reading, whatever its bytes are', (variant) => {
  const { enabledCells } = layouts[variant].cellData.fields;
  const records = fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH });
  const cells = fc.option(fc.integer({ min: 0, max: 32 }));
  fc.assert(
    fc.property(records, cells, fc.boolean(), (bytes, count, isBare) => {
      if (isBare) bytes.fill(0, enabledCells.at + 4);
      if (count !== null) new DataView(bytes.buffer).setUint32(enabledCells.at, 2 ** count - 1, true);
      const frame = sealFrame('cellData', bytes);
      const device = { device: 'frame 12345', simulated: false };
      const [fromRecord, fromReading] = [new TextBuffer(), new TextBuffer()];
      addJsonObject(fromRecord, { ...device, measured: { frame, variant, number: 12345 } }, 'cellData', {
        groups: ['cellData'],
      });
      const reading = decodeReading(frame, variant, NaN);
      addJsonObject(fromReading, { ...device, reading }, 'cellData', { groups: ['cellData'] });
      expect(Buffer.from(fromRecord.octets).toString()).toBe(Buffer.from(fromReading.octets).toString());
    }),
    { numRuns: 500 },
  );
});
