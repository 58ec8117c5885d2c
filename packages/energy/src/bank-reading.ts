import { alarms as alarmTable, noValues, roundTo, type AlarmName, type Reading } from '@ubmsc/protocol';
import type { Topology } from './bank.ts';

/** The readings that a bank is computed from. */
export interface BankReadings {
  readonly topology: Topology;
  /** Those that are fresh, with the name of the battery. */
  readonly fresh: readonly { readonly name: string; readonly reading: Reading }[];
  /** Whether what belongs to all batteries together can be told: none is missing, or that does not matter. */
  readonly isWhole: boolean;
}

/** Which cell of which battery. */
export interface CellPlace {
  readonly battery: string;
  /** From 0. */
  readonly cell: number | null;
  readonly voltage: number;
}

/** The batteries of a bank as one. What belongs to all together, such as the current, is null when one is missing. */
export function bankReading(bank: BankReadings, source: Reading['source']): Reading {
  const { fresh, topology } = bank;
  const readings = fresh.map(({ reading }) => reading);
  const isParallel = topology === 'parallel';
  const each = <Name extends keyof Reading>(name: Name): Reading[Name][] =>
    readings.map((reading) => reading[name]);
  const whole = (value: number | null): number | null => (bank.isWhole ? value : null);
  const remaining = (isParallel ? sum : least)(each('remainCapacity'));
  const full = (isParallel ? sum : least)(each('nominalCapacity'));
  const { lowest, highest } = cellExtremes(bank);
  const temperatures = numbers(each('batteryTemperature').flat());
  return {
    // Cells are those of the batteries, which are shown beside the bank. What has no rule here, a bank does not have.
    ...noValues('cellData'),
    averageCellVoltage: rounded(averageCell(readings), 3),
    deltaCellVoltage: lowest && highest ? rounded(highest.voltage - lowest.voltage, 3) : null,
    batteryVoltage: rounded(
      isParallel
        ? mean(conducting(readings).map((r) => r.batteryVoltage))
        : whole(sum(each('batteryVoltage'))),
      3,
    ),
    // Each battery has its own voltage: the sum of products is not the product of sums.
    batteryPower: rounded(whole(sum(each('batteryPower'))), 3),
    batteryCurrent: rounded(
      isParallel ? whole(sum(each('batteryCurrent'))) : mean(each('batteryCurrent')),
      3,
    ),
    batteryTemperature:
      temperatures.length === 0 ? [] : [Math.min(...temperatures), Math.max(...temperatures)],
    mosfetTemperature: most(each('mosfetTemperature')),
    remainPercent:
      remaining === null || full === null || full === 0 ? null : rounded((100 * remaining) / full, 1),
    remainCapacity: rounded(whole(remaining), 3),
    nominalCapacity: rounded(whole(full), 3),
    cycleCount: rounded(mean(each('cycleCount')), 1),
    cycleCapacity: rounded(whole(sum(each('cycleCapacity'))), 3),
    stateOfHealth: rounded(weighted(readings, 'stateOfHealth'), 1),
    lowestCellVoltage: lowest?.voltage ?? null,
    highestCellVoltage: highest?.voltage ?? null,
    lowestCell: lowest?.cell ?? null,
    highestCell: highest?.cell ?? null,
    chargeMosfet: (isParallel ? any : all)(each('chargeMosfet')),
    dischargeMosfet: (isParallel ? any : all)(each('dischargeMosfet')),
    balancing: any(each('balancing')),
    heating: any(each('heating')),
    heatingCurrent: rounded(whole(sum(each('heatingCurrent'))), 3),
    chargerPlugged: any(each('chargerPlugged')),
    chargePhase: same(each('chargePhase')),
    emergencyTime: most(each('emergencyTime')),
    alarms: alarmsOf(readings),
    source,
  };
}

/** The lowest and the highest cell of all batteries. */
export function cellExtremes({ fresh }: Pick<BankReadings, 'fresh'>): {
  readonly lowest: CellPlace | undefined;
  readonly highest: CellPlace | undefined;
} {
  let lowest: CellPlace | undefined;
  let highest: CellPlace | undefined;
  for (const { name: battery, reading } of fresh) {
    const { lowestCellVoltage: low, highestCellVoltage: high, lowestCell, highestCell } = reading;
    if (low !== null && (!lowest || low < lowest.voltage))
      lowest = { battery, cell: lowestCell, voltage: low };
    if (high !== null && (!highest || high > highest.voltage))
      highest = { battery, cell: highestCell, voltage: high };
  }
  return { lowest, highest };
}

/** A battery whose MOSFETs are open has a voltage of its own, which is not that of the bank. */
function conducting(readings: readonly Reading[]): readonly Reading[] {
  const closed = readings.filter(({ chargeMosfet, dischargeMosfet }) => chargeMosfet || dischargeMosfet);
  return closed.length > 0 ? closed : readings;
}

function averageCell(readings: readonly Reading[]): number | null {
  return mean(readings.flatMap(({ cellVoltage }) => cellVoltage));
}

/** A mean in which a battery of twice the capacity counts twice. */
function weighted(readings: readonly Reading[], name: 'stateOfHealth'): number | null {
  let total = 0;
  let weights = 0;
  for (const { nominalCapacity, [name]: value } of readings) {
    if (value === null || nominalCapacity === null) continue;
    total += value * nominalCapacity;
    weights += nominalCapacity;
  }
  return weights === 0 ? null : total / weights;
}

function alarmsOf(readings: readonly Reading[]): readonly AlarmName[] | null {
  if (readings.every(({ alarms }) => alarms === null)) return null;
  const active = new Set(readings.flatMap(({ alarms }) => alarms ?? []));
  return Object.keys(alarmTable).filter((name): name is AlarmName =>
    [...active].some((each) => each === name),
  );
}

export function numbers(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}

/** Null when one is: a sum without a part of it is another one. */
function sum(values: readonly (number | null)[]): number | null {
  const known = numbers(values);
  if (known.length === 0 || known.length < values.length) return null;
  return known.reduce((total, value) => total + value, 0);
}

function mean(values: readonly (number | null)[]): number | null {
  const known = numbers(values);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0) / known.length;
}

function least(values: readonly (number | null)[]): number | null {
  const known = numbers(values);
  return known.length === 0 || known.length < values.length ? null : Math.min(...known);
}

function most(values: readonly (number | null)[]): number | null {
  const known = numbers(values);
  return known.length === 0 ? null : Math.max(...known);
}

function any(states: readonly (boolean | null)[]): boolean | null {
  if (states.includes(true)) return true;
  return states.includes(false) ? false : null;
}

function all(states: readonly (boolean | null)[]): boolean | null {
  if (states.includes(false)) return false;
  return states.length > 0 && !states.includes(null) ? true : null;
}

function same<T>(values: readonly T[]): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

/** Rounded to this number of decimals; never −0. */
export function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : roundTo(value, 10 ** decimals);
}
