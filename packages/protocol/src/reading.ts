import { alarms, chargeStatuses } from './codes.ts';
import { bitNames, hasBit, hasFlag } from './field.ts';
import type { Values, Variant } from './layout.ts';
import { cellDataJk02_32s } from './layouts/cell-data-jk02-32s.ts';
import type { MeasurementValues } from './measurements.ts';

/** Where and when a reading was taken. */
export interface ReadingSource {
  readonly variant: Variant;
  /** Counter of the frame that the reading was decoded from, 0 to 255. */
  readonly counter: number;
  /** When the frame was complete, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
}

/** The values of the measurements at one moment; null where the device has none. */
export type Reading = MeasurementValues<'cellData'> & { readonly source: ReadingSource };

type CellData = Values<typeof cellDataJk02_32s>;
type CellDataField = keyof typeof cellDataJk02_32s.fields;

/**
 * A reading from the fields of a 0x02 record. What the device computes itself of its cells is computed anew here,
 * because the device's own statistics lag behind them (reference, section 8.1).
 */
export function toReading(fields: CellData, source: ReadingSource): Reading {
  const cellVoltage = enabledSlots(fields.cellVoltages, fields.enabledCells);
  const cells = cellStatistics(cellVoltage);
  const enabled = <T>(name: CellDataField, value: T): T | null => {
    const row = cellDataJk02_32s.fields[name];
    return 'enabledBy' in row && !hasFlag(fields.enableFlags, row.enabledBy) ? null : value;
  };
  return {
    cellVoltage,
    averageCellVoltage: cells.average,
    deltaCellVoltage: cells.delta,
    balanceCurrent: fields.balanceCurrent,
    cellResistance: enabledSlots(fields.cellWireResistances, fields.enabledCells),
    batteryVoltage: fields.packVoltage,
    batteryPower: power(fields.packVoltage, fields.packCurrent),
    batteryCurrent: fields.packCurrent,
    batteryTemperature: withoutTrailingNulls([
      fields.temperature1,
      fields.temperature2,
      enabled('temperature3', fields.temperature3),
      enabled('temperature4', fields.temperature4),
      enabled('temperature5', fields.temperature5),
    ]),
    mosfetTemperature: fields.mosTemperature,
    remainPercent: fields.stateOfCharge,
    remainCapacity: fields.remainingCapacity,
    nominalCapacity: fields.fullChargeCapacity,
    cycleCount: fields.cycleCount,
    cycleCapacity: fields.cycleCapacity,
    upTime: fields.totalRuntime,
    // No firmware reports a dead battery this way: 0 means that it does not estimate its health.
    stateOfHealth: fields.stateOfHealth === 0 ? null : fields.stateOfHealth,
    lowestCellVoltage: cells.lowest,
    highestCellVoltage: cells.highest,
    lowestCell: cells.lowestIndex,
    highestCell: cells.highestIndex,
    chargeMosfet: fields.chargeMosOn !== 0,
    dischargeMosfet: fields.dischargeMosOn !== 0,
    balancing: fields.balanceState !== 0,
    heating: fields.heatingOn !== 0,
    heatingCurrent: enabled('heatingCurrent', fields.heatingCurrent),
    chargerPlugged: enabled('chargerPlugged', fields.chargerPlugged !== 0),
    chargePhase: enabled('chargeStatus', chargeStatuses[fields.chargeStatus] ?? null),
    emergencyTime: fields.emergencyTimer,
    alarms: bitNames(alarms, fields.alarms),
    source,
  };
}

/** The slots up to the last enabled cell: a cell of 0 V keeps its place, a slot without a cell is null. */
function enabledSlots(slots: readonly number[], mask: number): (number | null)[] {
  return withoutTrailingNulls(slots.map((value, index) => (hasBit(mask, index) ? value : null)));
}

function withoutTrailingNulls<T>(values: (T | null)[]): (T | null)[] {
  const last = values.findLastIndex((value) => value !== null);
  return values.slice(0, last + 1);
}

interface CellStatistics {
  average: number | null;
  delta: number | null;
  lowest: number | null;
  highest: number | null;
  lowestIndex: number | null;
  highestIndex: number | null;
}

/** In whole millivolts, the resolution of the cells: 3.3 V less 3.299 V is 0.001 V, not 0.0009999999999998899 V. */
function cellStatistics(cells: readonly (number | null)[]): CellStatistics {
  let sum = 0;
  let count = 0;
  let lowestIndex: number | null = null;
  let highestIndex: number | null = null;
  for (const [index, cell] of cells.entries()) {
    if (cell === null) continue;
    sum += cell;
    count++;
    if (lowestIndex === null || cell < (cells[lowestIndex] ?? Infinity)) lowestIndex = index;
    if (highestIndex === null || cell > (cells[highestIndex] ?? -Infinity)) highestIndex = index;
  }
  const lowest = lowestIndex === null ? null : (cells[lowestIndex] ?? null);
  const highest = highestIndex === null ? null : (cells[highestIndex] ?? null);
  return {
    average: count === 0 ? null : thousandths(sum / count),
    delta: lowest === null || highest === null ? null : thousandths(highest - lowest),
    lowest,
    highest,
    lowestIndex,
    highestIndex,
  };
}

/** In watts, positive while charging. The device sends only the magnitude, and late (reference, section 8.2). */
function power(voltage: number, current: number): number {
  return thousandths(voltage * current);
}

/** Rounds to three decimals; never −0. */
function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}
