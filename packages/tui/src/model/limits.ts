import type { AlarmName, Reading } from '@ubmsc/protocol';

/** The limits of a device that alarms and cells are shown with, from its settings; those it lacks are undefined. */
export interface Limits {
  readonly cellUnderVoltage?: number | undefined;
  readonly cellOverVoltage?: number | undefined;
  readonly chargeCurrent?: number | undefined;
  readonly dischargeCurrent?: number | undefined;
  readonly chargeOverTemperature?: number | undefined;
  readonly chargeUnderTemperature?: number | undefined;
  readonly dischargeOverTemperature?: number | undefined;
  readonly mosOverTemperature?: number | undefined;
  readonly cells?: number | undefined;
}

/** The names of the limits in the records of settings. */
const fields = {
  cellUnderVoltage: 'cellUvp',
  cellOverVoltage: 'cellOvp',
  chargeCurrent: 'maxChargeCurrent',
  dischargeCurrent: 'maxDischargeCurrent',
  chargeOverTemperature: 'chargeOtp',
  chargeUnderTemperature: 'chargeUtp',
  dischargeOverTemperature: 'dischargeOtp',
  mosOverTemperature: 'mosOtp',
  cells: 'cellCount',
} as const satisfies Record<keyof Limits, string>;

/** The limits in a record of settings, whatever its variant. */
export function limitsOf(settings: Readonly<Record<string, unknown>> | undefined): Limits {
  if (!settings) return {};
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const value = settings[field];
      return typeof value === 'number' && Number.isFinite(value) && value !== 0 ? [[name, value]] : [];
    }),
  );
}

/** Temperatures may be told as whole degrees or tenths. */
const volts = (value: number): string => `${value.toFixed(3)} V`;
const amperes = (value: number): string => `${value.toFixed(1)} A`;
const degrees = (value: number): string => `${value.toFixed(1)} °C`;

type Detail = (reading: Reading, limits: Limits) => string | undefined;

/** On which side of its limit a value is while it causes an alarm. */
type Side = 'above' | 'below';

/**
 * A value beside its limit: `3.012 V, limit 3.060 V`. Devices end an alarm later than the value is back, which would look
 * like a contradiction: `limit 3.060 V, back at 3.070 V, not released yet`.
 */
function beside(
  value: number | null | undefined,
  limit: number | undefined,
  side: Side,
  text: (value: number) => string,
): string | undefined {
  if (value === null || value === undefined) return limit === undefined ? undefined : `limit ${text(limit)}`;
  if (limit === undefined) return text(value);
  const isBack = side === 'above' ? value < limit : value > limit;
  // What is rounded to the same would not look back.
  if (!isBack || text(value) === text(limit)) return `${text(value)}, limit ${text(limit)}`;
  return `limit ${text(limit)}, back at ${text(value)}, not released yet`;
}

function cell(
  number: number | null,
  voltage: number | null,
  limit: number | undefined,
  side: Side,
): string | undefined {
  const values = beside(voltage, limit, side, volts);
  if (number === null) return values;
  return values === undefined ? `cell ${number + 1}` : `cell ${number + 1}: ${values}`;
}

function extreme(values: readonly (number | null)[], pick: (...all: number[]) => number): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? undefined : pick(...known);
}

const packVoltage: Detail = ({ batteryVoltage }) =>
  batteryVoltage === null ? undefined : volts(batteryVoltage);

/** What the readings say of an alarm: the cell that it is about, the value, the limit. */
const details: Readonly<Partial<Record<AlarmName, Detail>>> = {
  cellUnderVoltage: (reading, limits) =>
    cell(reading.lowestCell, reading.lowestCellVoltage, limits.cellUnderVoltage, 'below'),
  cellOverVoltage: (reading, limits) =>
    cell(reading.highestCell, reading.highestCellVoltage, limits.cellOverVoltage, 'above'),
  chargeOverCurrent: ({ batteryCurrent }, limits) =>
    beside(batteryCurrent && Math.max(0, batteryCurrent), limits.chargeCurrent, 'above', amperes),
  dischargeOverCurrent: ({ batteryCurrent }, limits) =>
    beside(batteryCurrent && Math.max(0, -batteryCurrent), limits.dischargeCurrent, 'above', amperes),
  chargeOverTemperature: (reading, limits) =>
    beside(extreme(reading.batteryTemperature, Math.max), limits.chargeOverTemperature, 'above', degrees),
  chargeUnderTemperature: (reading, limits) =>
    beside(extreme(reading.batteryTemperature, Math.min), limits.chargeUnderTemperature, 'below', degrees),
  dischargeOverTemperature: (reading, limits) =>
    beside(extreme(reading.batteryTemperature, Math.max), limits.dischargeOverTemperature, 'above', degrees),
  mosOverTemperature: (reading, limits) =>
    beside(reading.mosfetTemperature, limits.mosOverTemperature, 'above', degrees),
  packOverVoltage: packVoltage,
  packUnderVoltage: packVoltage,
  cellCountMismatch: (reading, { cells }) =>
    `${reading.cellVoltage.length} cells seen${cells === undefined ? '' : `, ${cells} configured`}`,
  wireResistance: ({ cellResistance }) => {
    const largest = cellResistance.reduce<number>(
      (found, each, index) => ((each ?? -1) > (cellResistance[found] ?? -1) ? index : found),
      0,
    );
    const ohms = cellResistance[largest] ?? null;
    return ohms === null ? undefined : `cell ${largest + 1} has the largest, ${(ohms * 1000).toFixed(0)} mΩ`;
  },
};

/** `cell 7: 3.012 V, limit 3.060 V`; undefined where nothing is known. */
export function alarmDetail(name: AlarmName, reading: Reading, limits: Limits): string | undefined {
  return details[name]?.(reading, limits);
}

/** An alarm with its cell, its value and its limit: `cell 7 under-voltage: 3.012 V, limit 3.060 V`. */
export function alarmInWords(name: AlarmName, reading: Reading, limits: Limits): string {
  const title = alarmTitle(name);
  const detail = alarmDetail(name, reading, limits);
  if (detail === undefined) return title;
  const [, own, values] = /^(cell \d+)(?:: (.*))?$/.exec(detail) ?? [];
  if (own === undefined || !title.startsWith('cell ')) return `${title}: ${detail}`;
  const named = title.replace('cell', own);
  return values === undefined ? named : `${named}: ${values}`;
}

/** `cell under-voltage`: the name of an alarm in words, shorter than its sentence. */
export function alarmTitle(name: AlarmName): string {
  return name
    .replace(
      /(Over|Under)(Voltage|Current|Temperature)/g,
      (_, way: string, what: string) => ` ${way}-${what}`,
    )
    .replace(/(?<![- ])[A-Z]/g, ' $&')
    .toLowerCase()
    .replace('mos ', 'MOSFET ');
}
