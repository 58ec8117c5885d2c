import { fromHex, golden } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { measuredBy } from './balancer.ts';
import { toFrame } from './frame.ts';
import { decodeReading } from './reading.ts';

const frame = toFrame(
  fromHex(golden.frames.find(({ name }) => name === '32s-cell-16s-discharging')?.hex ?? ''),
);
if (typeof frame === 'string') throw new Error(frame);
const reading = decodeReading(frame, 'jk02-32s', 0);

test('a balancer measures cells, pack voltage, its first probe and balancing, and nothing else', () => {
  const measured = measuredBy('JK_DZ11B2A24S', reading);
  const present = Object.entries(measured).filter(([, value]) => value !== null);
  expect(present.map(([name]) => name)).toEqual([
    'cellVoltage',
    'averageCellVoltage',
    'deltaCellVoltage',
    'balanceCurrent',
    'cellResistance',
    'batteryVoltage',
    'batteryTemperature',
    'lowestCellVoltage',
    'highestCellVoltage',
    'lowestCell',
    'highestCell',
    'balancing',
    'source',
  ]);
  expect(measured.batteryTemperature).toHaveLength(1);
});

test.each(['JK_PB2A16S20P', 'JK-B2A24S15P', undefined, null])('a %s measures all of it', (model) => {
  expect(measuredBy(model, reading)).toBe(reading);
});
