import {
  measurements,
  snakeCase,
  type Measurement,
  type MeasurementValue,
  type Reading,
  type ReadingSource,
  type RecordName,
} from '@ubmsc/protocol';
import type { Entry, Row, Scalar, Value } from './entry.ts';
import type { DeviceResult, FormatOptions, Group } from './result.ts';

/**
 * The values of a group, those of the vocabulary in its order, then where and when they were read. Undefined when
 * nothing of the group was read from the device.
 */
export function entriesOf(device: DeviceResult, group: Group, options: FormatOptions): Entry[] | undefined {
  const { records, deviceInfo, reading, bank, energy } = device;
  let entries = isRecord(group) ? records?.[group] : undefined;
  let source: Reading['source'] | undefined;
  let doubt: Reading['doubt'];
  if (!entries && group === 'deviceInfo' && deviceInfo) {
    entries = measured(measurements.deviceInfo, deviceInfo, options);
  } else if (!entries && group === 'cellData' && reading) {
    ({ source, doubt } = reading);
    entries = measured(measurements.cellData, reading, options);
  } else if (group === 'bank' && bank) {
    entries = measured(measurements.bank, bank, options);
  } else if (group === 'energy' && energy) {
    entries = measured(measurements.energy, energy, options);
  }
  return entries && [...entries, ...originEntries(device, source, doubt)];
}

/** The groups of a battery that is watched: its cell data, and what is computed where there is something. */
export function shownGroups({ bank, energy }: Pick<DeviceResult, 'bank' | 'energy'>): readonly Group[] {
  return ['cellData', ...(bank ? (['bank'] as const) : []), ...(energy ? (['energy'] as const) : [])];
}

const isRecord = (group: Group): group is RecordName | 'request' => group !== 'bank' && group !== 'energy';

export const isTable = (value: Value): value is readonly Row[] =>
  Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null;

export const isList = (value: Value): value is readonly Scalar[] => Array.isArray(value) && !isTable(value);

/** Abbreviations in names of fields. */
const abbreviations = /\b(?:uvp|ovp|ocp2?|ocp3|scp|otp|utp|soc\d*|mos|rtc|lcd|pcl|gps|rs485|can|uart\d)\b/g;

/** `mos_otp_recovery` → `MOS OTP recovery`: what a person calls a value that the vocabulary does not have. */
export function labelOf(key: string): string {
  let known = labels.get(key);
  if (known === undefined) {
    const words = key.replaceAll('_', ' ').replace(abbreviations, (word) => word.toUpperCase());
    known = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
    if (labels.size < MOST_LABELS) labels.set(key, known);
  }
  return known;
}

const labels = new Map<string, string>();

/** Keys are those of fields, but columns of a table may be anything. */
const MOST_LABELS = 1000;

function measured(
  table: Readonly<Record<string, Measurement>>,
  values: Readonly<Record<string, MeasurementValue | ReadingSource>>,
  { showSecrets = false }: FormatOptions,
): Entry[] {
  return rowsOf(table).map(({ name, key, measurement }) => ({
    key,
    label: measurement.label,
    value: measurement.secret && !showSecrets ? '***' : printable(values[name] ?? null, measurement),
    display: measurement,
  }));
}

interface VocabularyRow {
  readonly name: string;
  readonly key: string;
  readonly measurement: Measurement;
}

const rows = new Map<Readonly<Record<string, Measurement>>, readonly VocabularyRow[]>();

/** The rows of a table of the vocabulary: the same for every record. */
function rowsOf(table: Readonly<Record<string, Measurement>>): readonly VocabularyRow[] {
  let known = rows.get(table);
  if (!known) {
    known = Object.entries(table).map(([name, measurement]) => ({ name, key: snakeCase(name), measurement }));
    rows.set(table, known);
  }
  return known;
}

/** Which device it is that values are from. */
export function originOf({ device, address, simulated }: DeviceResult): Readonly<Record<string, Scalar>> {
  return { device, ...(address !== undefined && { address }), ...(simulated && { simulated }) };
}

function originEntries(
  device: DeviceResult,
  source: Reading['source'] | undefined,
  doubt: Reading['doubt'],
): Entry[] {
  const origin: Readonly<Record<string, Scalar>> = {
    ...originOf(device),
    // A frame out of a file has no time.
    ...(source && Number.isFinite(source.time) && { time: new Date(source.time).toISOString() }),
    ...(source && { variant: source.variant }),
    ...(doubt !== undefined && { doubt }),
  };
  return Object.entries(origin).map(([key, value]) => ({ key, label: labelOf(key), value }));
}

function printable(
  value: MeasurementValue | ReadingSource,
  { kind }: Measurement,
): Scalar | readonly Scalar[] {
  const one = (item: Scalar): Scalar => {
    if (typeof item === 'number') return Number.isFinite(item) ? item : null;
    return kind === 'alarms' && typeof item === 'string' ? snakeCase(item) : item;
  };
  if (typeof value !== 'object' || value === null) return one(value);
  return 'map' in value ? value.map(one) : null;
}
