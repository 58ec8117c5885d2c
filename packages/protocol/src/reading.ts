import { alarms, chargeStatuses } from './codes.ts';
import { bitNames, hasBit, hasFlag } from './field.ts';
import type { Frame } from './frame.ts';
import { cellFieldsReader, type CellFields } from './cell-fields.ts';
import type { Layout } from './layout.ts';
import { layouts, ofVariants, type Variant } from './layouts/index.ts';
import type { MeasurementValues } from './measurements.ts';
import { roundTo } from './round-to.ts';

/** Where and when a reading was taken. */
export interface ReadingSource {
  readonly variant: Variant;
  /** Counter of the frame that the reading was decoded from, 0 to 255. */
  readonly counter: number;
  /** When the frame was complete, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
}

/** Rules of acceptance by which something can speak against a reading that is shown all the same. */
export type Doubt = 'pace' | 'copy' | 'slots' | 'constants' | 'flicker';

/** The values of the measurements at one moment; null where the device has none. */
export type Reading = MeasurementValues<'cellData'> & {
  readonly source: ReadingSource;
  /** What speaks against it; left out when nothing does. It is shown and marked, but belongs in no sum, extreme or axis. */
  readonly doubt?: Doubt;
};

/**
 * A reading from a 0x02 record whose variant is known; `time` is when it was complete, in milliseconds since
 * 1970-01-01 UTC. What the device itself computes from its cells is computed again here, because the device's own
 * statistics lag (reference, section 8.1).
 */
export function decodeReading(frame: Frame, variant: Variant, time: number, doubt?: Doubt): Reading {
  const source = { variant, counter: frame.counter, time };
  const reading = makeReading(readFields(frame, variant), frame.bytes, traits[variant].enableFlags, source);
  return doubt === undefined ? reading : { ...reading, doubt };
}

const fieldNames = [
  'cellVoltages',
  'enabledCells',
  'averageCellVoltage',
  'deltaCellVoltage',
  'cellWireResistances',
  'mosTemperature',
  'packVoltage',
  'packCurrent',
  'temperature1',
  'temperature2',
  'alarms',
  'balanceCurrent',
  'balanceState',
  'stateOfCharge',
  'remainingCapacity',
  'fullChargeCapacity',
  'cycleCount',
  'cycleCapacity',
  'stateOfHealth',
  'totalRuntime',
  'runtimeSincePowerOn',
  'chargeMosOn',
  'dischargeMosOn',
  'heatingOn',
  'emergencyTimer',
  'heatingCurrent',
  'chargerPlugged',
  'temperature3',
  'temperature4',
  'temperature5',
  'chargeStatus',
] as const satisfies readonly (keyof CellFields)[];

/** What a reading is made of: a third of what a record has. */
type ReadingFields = Pick<CellFields, (typeof fieldNames)[number]>;

const readFields = cellFieldsReader(fieldNames, 'cells');

const NO_FLAGS = new Uint8Array(0);

/** A reading from the fields of a 0x02 record. */
export function toReading(
  fields: ReadingFields & Pick<CellFields, 'enableFlags'>,
  source: ReadingSource,
): Reading {
  return makeReading(fields, fields.enableFlags ?? NO_FLAGS, 0, source);
}

/** The map of enabled fields is in `map`, from `mapAt` on. */
function makeReading(fields: ReadingFields, map: Uint8Array, mapAt: number, source: ReadingSource): Reading {
  const { enabledCells } = fields;
  const { isFloat, flags } = traits[source.variant];
  const cellVoltage = enabledSlots(fields.cellVoltages, enabledCells, isFloat);
  const cells = cellStatistics(fields);
  const packVoltage = isFloat ? fromFloat(fields.packVoltage) : fields.packVoltage;
  const { balanceCurrent = null } = fields;
  const isEnabled = (flag: number | undefined): boolean =>
    flag === undefined || hasFlag(map, 8 * mapAt + flag);
  return {
    cellVoltage,
    averageCellVoltage: volts(cells.mean, isFloat),
    deltaCellVoltage: volts(cells.spread, isFloat),
    balanceCurrent: isFloat && balanceCurrent !== null ? fromFloat(balanceCurrent) : balanceCurrent,
    cellResistance: enabledSlots(fields.cellWireResistances, enabledCells, isFloat),
    batteryVoltage: packVoltage,
    batteryPower: power(packVoltage, fields.packCurrent),
    batteryCurrent: fields.packCurrent ?? null,
    batteryTemperature: withoutTrailingNulls([
      fields.temperature1 ?? null,
      fields.temperature2 ?? null,
      isEnabled(flags.temperature3) ? (fields.temperature3 ?? null) : null,
      isEnabled(flags.temperature4) ? (fields.temperature4 ?? null) : null,
      isEnabled(flags.temperature5) ? (fields.temperature5 ?? null) : null,
    ]),
    mosfetTemperature: fields.mosTemperature ?? null,
    remainPercent: fields.stateOfCharge ?? null,
    remainCapacity: fields.remainingCapacity ?? null,
    nominalCapacity: fields.fullChargeCapacity ?? null,
    cycleCount: fields.cycleCount ?? null,
    cycleCapacity: fields.cycleCapacity ?? null,
    upTime: fields.totalRuntime ?? fields.runtimeSincePowerOn ?? null,
    // No firmware reports a dead battery this way: 0 means that it does not estimate its health (section 8.9).
    stateOfHealth: fields.stateOfHealth || null,
    lowestCellVoltage: volts(cells.lowest, isFloat),
    highestCellVoltage: volts(cells.highest, isFloat),
    lowestCell: cells.lowestIndex,
    highestCell: cells.highestIndex,
    chargeMosfet: state(fields.chargeMosOn),
    dischargeMosfet: state(fields.dischargeMosOn),
    balancing: state(fields.balanceState),
    heating: state(fields.heatingOn),
    heatingCurrent: isEnabled(flags.heatingCurrent) ? (fields.heatingCurrent ?? null) : null,
    chargerPlugged: isEnabled(flags.chargerPlugged) ? state(fields.chargerPlugged) : null,
    chargePhase: isEnabled(flags.chargeStatus) ? (chargeStatuses[fields.chargeStatus ?? -1] ?? null) : null,
    emergencyTime: fields.emergencyTimer ?? null,
    alarms: fields.alarms === undefined ? null : bitNames(alarms, fields.alarms),
    source,
  };
}

type Flags = Readonly<Record<(typeof fieldNames)[number], number | undefined>>;

/** Whether a variant has floats, where its map of enabled fields is, and the bits of it that say whether a field means something. */
const traits = ofVariants((variant) => {
  const { fields }: Layout = layouts[variant].cellData;
  const flagOf = (name: string): number | undefined => {
    const field = fields[name];
    return field && 'enabledBy' in field ? field.enabledBy : undefined;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has these names
  const flags = Object.fromEntries(fieldNames.map((name) => [name, flagOf(name)])) as Flags;
  return {
    isFloat: layouts[variant].cellData.fields.cellVoltages.type === 'f32',
    enableFlags: fields['enableFlags']?.at ?? 0,
    flags,
  };
});

function state(field: number | undefined): boolean | null {
  return field === undefined ? null : field !== 0;
}

/** Floats are shown with four decimals. */
const FLOAT_PARTS = 10_000;

/**
 * A number of JK04 is a float32 that JavaScript shows with digits that it never had: 3.3499999046325684 is 3.35.
 * What is not a number is absent.
 */
function fromFloat(value: number): number | null {
  return Number.isFinite(value) ? roundTo(value, FLOAT_PARTS) : null;
}

/** The slots up to the last enabled cell: a cell of 0 V keeps its place, a slot without a cell is null. */
function enabledSlots(slots: readonly number[], mask: number, isFloat: boolean): readonly (number | null)[] {
  const count = 32 - Math.clz32(mask);
  const hasGaps = (mask & (mask + 1)) !== 0;
  if (!hasGaps && !isFloat && count <= slots.length)
    return count === slots.length ? slots : slots.slice(0, count);
  const enabled: (number | null)[] = [];
  for (let index = 0; index < count; index++) {
    const value = hasBit(mask, index) ? (slots[index] ?? null) : null;
    enabled.push(isFloat && value !== null ? fromFloat(value) : value);
  }
  return enabled;
}

function withoutTrailingNulls<T>(values: (T | null)[]): (T | null)[] {
  while (values.at(-1) === null) values.pop();
  return values;
}

interface CellStatistics {
  readonly mean: number | null;
  readonly spread: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly lowestIndex: number | null;
  readonly highestIndex: number | null;
}

const NO_CELLS: CellStatistics = {
  mean: null,
  spread: null,
  lowest: null,
  highest: null,
  lowestIndex: null,
  highestIndex: null,
};

/** How far, in volts, what the device computes may be from the cells of the same record at rest (reference, section 8.1). */
const LAG = 0.02;

/**
 * Of the numbers as the device sends them, so that they are rounded once. Cells at the end that read 0 V are left out
 * while the device leaves them out of its mean and spread: they are being taken out of the settings.
 */
function cellStatistics(fields: ReadingFields): CellStatistics {
  const { cellVoltages, enabledCells, averageCellVoltage, deltaCellVoltage = NaN } = fields;
  const all = 32 - Math.clz32(enabledCells);
  let silentFrom = all;
  while (silentFrom > 0 && cellVoltages[silentFrom - 1] === 0) silentFrom--;
  if (silentFrom < all) {
    const others = statisticsOf(cellVoltages, enabledCells, silentFrom);
    const { mean, spread } = others;
    const agree = mean !== null && spread !== null && Math.abs(mean - averageCellVoltage) <= LAG;
    if (agree && Math.abs(spread - deltaCellVoltage) <= LAG) return others;
  }
  return statisticsOf(cellVoltages, enabledCells, all);
}

/** Of the cells before this index. */
function statisticsOf(cells: readonly number[], mask: number, end: number): CellStatistics {
  let sum = 0;
  let count = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  let lowestIndex = 0;
  let highestIndex = 0;
  for (let index = 0; index < end; index++) {
    const cell = cells[index];
    if (cell === undefined || !hasBit(mask, index) || !Number.isFinite(cell)) continue;
    sum += cell;
    count++;
    if (cell < lowest) {
      lowest = cell;
      lowestIndex = index;
    }
    if (cell > highest) {
      highest = cell;
      highestIndex = index;
    }
  }
  return count === 0
    ? NO_CELLS
    : { mean: sum / count, spread: highest - lowest, lowest, highest, lowestIndex, highestIndex };
}

/** In the resolution of the cells. */
const volts = (value: number | null, isFloat: boolean): number | null =>
  value === null ? null : roundTo(value, isFloat ? FLOAT_PARTS : 1000);

/** In watts, positive while charging. The device sends only the magnitude, and late (reference, section 8.2). */
function power(voltage: number | null, current: number | undefined): number | null {
  return voltage === null || current === undefined ? null : roundTo(voltage * current, 1000);
}
