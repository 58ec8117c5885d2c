import { openAdapter } from '@ubmsc/client';
import { Ether } from '@ubmsc/hci';
import type { Reading } from '@ubmsc/protocol';
import { parseFaults, simulate } from '@ubmsc/simulator';
import { describe, expect, test } from 'vitest';
import { expectRefused } from './impostor.ts';

/** The first readings of a battery with this fault, over real bleno and real noble. */
async function readings(fault: string, count: number): Promise<Reading[]> {
  await using ether = new Ether();
  await using batteries = await simulate({ ether, faults: parseFaults([fault]) });
  expect(batteries.batteries).toHaveLength(1);
  await using adapter = await openAdapter(ether);
  await using battery = await adapter.open('UPS_BMS', { requestTimeout: 3000 });
  const taken: Reading[] = [];
  for await (const reading of battery.readings()) {
    taken.push(reading);
    if (taken.length === count) break;
  }
  return taken;
}

describe.concurrent('a battery is read in spite of', () => {
  test.each([
    'lost-request',
    'start-offset',
    'at-flood',
    'glue',
    'split-header',
    'truncate',
    'tail',
    'crc-rate',
    'payload-header',
    'type',
    'string=ff',
    'mtu=23',
  ])('the fault %s, and shows nothing wrong', async (fault) => {
    for (const { cellVoltage, batteryVoltage } of await readings(fault, 3)) {
      expect(cellVoltage).toHaveLength(4);
      const sum = cellVoltage.reduce<number>((total, cell) => total + (cell ?? 0), 0);
      expect(batteryVoltage).toBeCloseTo(sum, 6);
    }
  });

  test('cells that are not connected: it has none', async () => {
    const [reading] = await readings('no-cells', 1);
    expect(reading).toMatchObject({
      cellVoltage: [],
      averageCellVoltage: null,
      alarms: ['cellCountMismatch'],
    });
  });

  test('a broken wire: that cell shows 0 V in its place', async () => {
    const [reading] = await readings('zero-cell=2', 1);
    expect(reading).toMatchObject({ lowestCell: 1, lowestCellVoltage: 0 });
    expect(reading?.cellVoltage).toHaveLength(4);
  });

  test('probes that are absent: they are absent', async () => {
    const [reading] = await readings('sentinels', 1);
    expect(reading).toMatchObject({ batteryTemperature: [], mosfetTemperature: null });
  });
});

test.concurrent('a device that speaks like ant is not a JK: one line says so, with exit code 6', async () => {
  await expectRefused('ant');
});
