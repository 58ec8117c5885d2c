import type { CellFields } from './cell-fields.ts';
import { isNumeric, type NumberField } from './field.ts';
import type { Layout } from './layout.ts';
import { measurements, type Measurement } from './measurements.ts';
import type { CellStatistics } from './reading-parts.ts';

/** A field that readings are made of. */
export type FieldName = Exclude<keyof CellFields, 'frameCounter' | 'enableFlags'>;

/**
 * What a measurement is in a record: the first of some fields that the layout has, one value of each of some fields, a
 * statistic of the cells, or a power. A field that the layout lacks is absent, and so is one whose flag is not set.
 */
export type Origin =
  | { readonly field: FieldName; readonly or?: FieldName; readonly unless?: 0 }
  | { readonly each: readonly FieldName[] }
  | { readonly cells: keyof CellStatistics }
  | { readonly volts: FieldName; readonly amperes: FieldName };

/** Where each measurement comes from. How a field is read is said by its layout, and by the kind of the measurement. */
const origins = {
  cellVoltage: { field: 'cellVoltages' },
  averageCellVoltage: { cells: 'mean' },
  deltaCellVoltage: { cells: 'spread' },
  balanceCurrent: { field: 'balanceCurrent' },
  cellResistance: { field: 'cellWireResistances' },
  batteryVoltage: { field: 'packVoltage' },
  // The device sends only the magnitude, and late (reference, section 8.2).
  batteryPower: { volts: 'packVoltage', amperes: 'packCurrent' },
  batteryCurrent: { field: 'packCurrent' },
  batteryTemperature: {
    each: ['temperature1', 'temperature2', 'temperature3', 'temperature4', 'temperature5'],
  },
  mosfetTemperature: { field: 'mosTemperature' },
  remainPercent: { field: 'stateOfCharge' },
  remainCapacity: { field: 'remainingCapacity' },
  nominalCapacity: { field: 'fullChargeCapacity' },
  cycleCount: { field: 'cycleCount' },
  cycleCapacity: { field: 'cycleCapacity' },
  upTime: { field: 'totalRuntime', or: 'runtimeSincePowerOn' },
  // No firmware reports a dead battery this way: 0 means that it does not estimate its health (section 8.9).
  stateOfHealth: { field: 'stateOfHealth', unless: 0 },
  lowestCellVoltage: { cells: 'lowest' },
  highestCellVoltage: { cells: 'highest' },
  lowestCell: { cells: 'lowestIndex' },
  highestCell: { cells: 'highestIndex' },
  chargeMosfet: { field: 'chargeMosOn' },
  dischargeMosfet: { field: 'dischargeMosOn' },
  balancing: { field: 'balanceState' },
  heating: { field: 'heatingOn' },
  heatingCurrent: { field: 'heatingCurrent' },
  chargerPlugged: { field: 'chargerPlugged' },
  chargePhase: { field: 'chargeStatus' },
  emergencyTime: { field: 'emergencyTimer' },
  alarms: { field: 'alarms' },
} as const satisfies Readonly<Record<keyof typeof measurements.cellData, Origin>>;

/** A measurement of a reading, with where it comes from. */
export interface ReadingRow {
  readonly name: string;
  readonly measurement: Measurement;
  readonly origin: Origin;
}

const originsByName: Readonly<Record<string, Origin>> = origins;

/** The measurements of a reading, in the order of the vocabulary. */
export const readingRows: readonly ReadingRow[] = Object.entries<Measurement>(measurements.cellData).flatMap(
  ([name, measurement]) => {
    const origin = originsByName[name];
    return origin ? [{ name, measurement, origin }] : [];
  },
);

/** The first of two fields that a layout has. Undefined where it has neither. */
export function originField(
  { field, or }: { readonly field: FieldName; readonly or?: FieldName },
  layout: Layout,
): FieldName | undefined {
  return [field, or].find((name) => name !== undefined && Object.hasOwn(layout.fields, name));
}

/** The field of a layout of this name; undefined where it has none that is a number. */
export function numberField(layout: Layout, name: FieldName | undefined): NumberField | undefined {
  const field = name === undefined ? undefined : layout.fields[name];
  return field && isNumeric(field) ? field : undefined;
}

/** Whether the numbers of a field are floats, whose digits are rounded. */
export function isFloat({ type }: NumberField): boolean {
  return type === 'f32' || type === 'f64';
}
