import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden, fromHex } from '@ubmsc/testing';
import { toFrame } from './frame.ts';
import { decode, encode, type Values } from './layout.ts';
import { cellDataJk02_32s } from './layouts/jk02-32s/cell-data.ts';
import { measurements } from './measurements.ts';
import { toReading, type Reading } from './reading.ts';

type CellData = Values<typeof cellDataJk02_32s>;

function vector(name: string): CellData {
  const frame = toFrame(fromHex(golden.frames.find((entry) => entry.name === name)?.hex ?? ''));
  if (typeof frame === 'string') throw new Error(frame);
  return decode(cellDataJk02_32s, frame);
}

const discharging = vector('32s-cell-16s-discharging');

const reading = (changes: Partial<CellData> = {}, base = discharging): Reading =>
  toReading({ ...base, ...changes }, { variant: 'jk02-32s', counter: 0, time: 0 });

describe('a reading', () => {
  test('has exactly the measurements of the table, in its order', () => {
    const { source: _, ...values } = reading();
    expect(Object.keys(values)).toEqual(Object.keys(measurements.cellData));
  });

  test('has as many cells as are enabled', () => {
    expect(reading().cellVoltage).toHaveLength(16);
    expect(reading({ enabledCells: 0xf }).cellVoltage).toEqual([3.301, 3.302, 3.3, 3.299]);
  });

  test('keeps a cell of 0 V in its place', () => {
    const cellVoltages = discharging.cellVoltages.with(2, 0);
    const { cellVoltage, lowestCell, lowestCellVoltage } = reading({ cellVoltages });
    expect(cellVoltage.slice(0, 4)).toEqual([3.301, 3.302, 0, 3.299]);
    expect([lowestCell, lowestCellVoltage]).toEqual([2, 0]);
  });

  test('counts no cell at the end that reads 0 V because it is being taken out of the settings', () => {
    const cellVoltages = discharging.cellVoltages.with(15, 0);
    const { cellVoltage, lowestCell, lowestCellVoltage, deltaCellVoltage } = reading({ cellVoltages });
    expect(cellVoltage.at(-1)).toBe(0);
    expect([lowestCell, lowestCellVoltage]).toEqual([10, 3.298]);
    expect(deltaCellVoltage).toBeLessThan(0.02);
    const counted = { cellVoltages, deltaCellVoltage: 3.3, averageCellVoltage: 3.1 };
    expect(reading(counted)).toMatchObject({ lowestCell: 15, lowestCellVoltage: 0 });
  });

  test('leaves a slot without a cell empty and goes on counting', () => {
    const { cellVoltage } = reading({ enabledCells: 0b1011 });
    expect(cellVoltage).toEqual([3.301, 3.302, null, 3.299]);
  });

  test('without cells has no statistics rather than zeros', () => {
    const { cellVoltage, averageCellVoltage, deltaCellVoltage, lowestCell } = reading({ enabledCells: 0 });
    expect([cellVoltage, averageCellVoltage, deltaCellVoltage, lowestCell]).toEqual([[], null, null, null]);
  });

  test('computes the statistics of the cells itself, because those of the device lag', () => {
    const lagging = { averageCellVoltage: 1, deltaCellVoltage: 1, minCellIndex: 7, maxCellIndex: 7 };
    const { averageCellVoltage, deltaCellVoltage, lowestCell, highestCell } = reading(lagging);
    expect([averageCellVoltage, deltaCellVoltage, lowestCell, highestCell]).toEqual([3.301, 0.007, 10, 15]);
  });

  test('takes the sign of the power from the current', () => {
    expect(reading().batteryPower).toBe(-652.014);
    expect(reading({ packCurrent: 10, packVoltage: 50 }).batteryPower).toBe(500);
    expect(Object.is(reading({ packCurrent: -0.0001, packVoltage: 0 }).batteryPower, 0)).toBe(true);
  });

  test('shows a probe that is not there as absent, in its place', () => {
    expect(reading({}, vector('32s-cell-absent-probes')).batteryTemperature).toEqual([null, -3.2]);
    expect(reading({ mosTemperature: null }).mosfetTemperature).toBeNull();
  });

  test('shows no value that the device declares as meaningless', () => {
    const enableFlags = new Uint8Array(12);
    const { batteryTemperature, heatingCurrent, chargerPlugged, chargePhase } = reading({ enableFlags });
    expect(batteryTemperature).toHaveLength(2);
    expect([heatingCurrent, chargerPlugged, chargePhase]).toEqual([null, null, null]);
  });

  test('names the alarms that are set', () => {
    expect(reading({}, vector('32s-cell-alarms')).alarms).toEqual([
      'wireResistance',
      'cellUnderVoltage',
      'changePassword',
    ]);
  });

  test('of cells in whole millivolts has exact statistics', () => {
    const millivolts = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 32 });
    fc.assert(
      fc.property(millivolts, (cells) => {
        const frame = encode(cellDataJk02_32s, {
          ...discharging,
          cellVoltages: cells.map((cell) => cell / 1000),
          enabledCells: 2 ** cells.length - 1,
          // So much that no cell at the end is taken for one that the device leaves out.
          deltaCellVoltage: 9,
        });
        const { cellVoltage, deltaCellVoltage } = reading(decode(cellDataJk02_32s, frame));
        expect(cellVoltage).toEqual(cells.map((cell) => cell / 1000));
        expect(deltaCellVoltage).toBe((Math.max(...cells) - Math.min(...cells)) / 1000);
      }),
    );
  });
});
