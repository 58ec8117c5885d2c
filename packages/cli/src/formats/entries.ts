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

/** Takes an entry without an object for it: a long capture has millions of them. */
export type EntryVisitor = (key: string, value: Value, label: string, about?: Entry) => void;

/**
 * The values of a group, those of the vocabulary in its order, then where and when they were read. Undefined when
 * nothing of the group was read from the device.
 */
export function entriesOf(device: DeviceResult, group: Group, options: FormatOptions): Entry[] | undefined {
  const entries: Entry[] = [];
  const isRead = visitEntries(device, group, options, (key, value, label, about) => {
    entries.push(about ? { ...about, key, value, label } : { key, label, value });
  });
  return isRead ? entries : undefined;
}

/** Like {@link entriesOf}, one entry after the other. Returns whether anything of the group was read. */
export function visitEntries(
  device: DeviceResult,
  group: Group,
  options: FormatOptions,
  visit: EntryVisitor,
): boolean {
  const { records, deviceInfo, reading, bank, energy } = device;
  const record = isRecord(group) ? records?.[group] : undefined;
  const isReading = group === 'cellData' && reading !== undefined && !record;
  if (record) for (const entry of record) visit(entry.key, entry.value, entry.label, entry);
  else if (group === 'deviceInfo' && deviceInfo)
    measured(measurements.deviceInfo, deviceInfo, options, visit);
  else if (isReading) measured(measurements.cellData, reading, options, visit);
  else if (group === 'bank' && bank) measured(measurements.bank, bank, options, visit);
  else if (group === 'energy' && energy) measured(measurements.energy, energy, options, visit);
  else return false;
  visitOrigin(device, isReading ? reading : undefined, visit);
  return true;
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
  visit: EntryVisitor,
): void {
  for (const row of rowsOf(table)) {
    const { name, about, measurement } = row;
    const value = measurement.secret && !showSecrets ? '***' : printable(values[name] ?? null, measurement);
    visit(about.key, value, about.label, about);
  }
}

interface VocabularyRow {
  readonly name: string;
  readonly about: Entry;
  readonly measurement: Measurement;
}

const rows = new Map<Readonly<Record<string, Measurement>>, readonly VocabularyRow[]>();

/** The rows of a table of the vocabulary: the same for every record. */
function rowsOf(table: Readonly<Record<string, Measurement>>): readonly VocabularyRow[] {
  let known = rows.get(table);
  if (!known) {
    known = Object.entries(table).map(([name, measurement]) => {
      const about = { key: snakeCase(name), label: measurement.label, value: null, display: measurement };
      return { name, about, measurement };
    });
    rows.set(table, known);
  }
  return known;
}

/** Which device it is that values are from. */
export function originOf({ device, address, simulated }: DeviceResult): Readonly<Record<string, Scalar>> {
  return { device, ...(address !== undefined && { address }), ...(simulated && { simulated }) };
}

const originLabels = {
  device: labelOf('device'),
  address: labelOf('address'),
  simulated: labelOf('simulated'),
  time: labelOf('time'),
  variant: labelOf('variant'),
  doubt: labelOf('doubt'),
};

/** Where and when values were read. */
export function visitOrigin(
  device: DeviceResult,
  reading: Pick<Reading, 'source' | 'doubt'> | undefined,
  visit: EntryVisitor,
): void {
  const { address, simulated } = device;
  visit('device', device.device, originLabels.device);
  if (address !== undefined) visit('address', address, originLabels.address);
  if (simulated) visit('simulated', simulated, originLabels.simulated);
  if (!reading) return;
  const { source, doubt } = reading;
  // A frame out of a file has no time.
  if (Number.isFinite(source.time)) visit('time', new Date(source.time).toISOString(), originLabels.time);
  visit('variant', source.variant, originLabels.variant);
  if (doubt !== undefined) visit('doubt', doubt, originLabels.doubt);
}

/** A value of a measurement as formats print it. */
export function printable(
  value: MeasurementValue | ReadingSource,
  { kind }: Measurement,
): Scalar | readonly Scalar[] {
  const one = (item: Scalar): Scalar => {
    if (typeof item === 'number') return Number.isFinite(item) ? item : null;
    return kind === 'alarms' && typeof item === 'string' ? snakeCase(item) : item;
  };
  if (typeof value !== 'object' || value === null) return one(value);
  if (!('map' in value)) return null;
  return kind !== 'alarms' && value.every(isPrintable) ? value : value.map(one);
}

const isPrintable = (item: Scalar): boolean => typeof item !== 'number' || Number.isFinite(item);
