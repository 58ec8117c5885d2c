import { measurements, snakeCase, type Measurement, type MeasurementGroup } from '@ubmsc/protocol';
import type { DeviceResult, FormatOptions } from './result.ts';

export type Scalar = number | boolean | string | null;

/** What every format can print: null is a value that the device does not have. */
export type Value = Scalar | readonly Scalar[];

/** One value with its name. */
export interface Entry {
  /** In snake_case. */
  readonly key: string;
  /** What a person calls it. */
  readonly label: string;
  readonly value: Value;
  /** Row of the vocabulary; what does not come from the device has none. */
  readonly measurement?: Measurement;
}

/**
 * The values of a group in the order of the vocabulary, then where and when they were read. Undefined when nothing
 * of the group was read from the device.
 */
export function entriesOf(
  device: DeviceResult,
  group: MeasurementGroup,
  { showSecrets = false }: FormatOptions,
): Entry[] | undefined {
  const values = valuesOf(device, group);
  if (values === undefined) return undefined;
  const table: Readonly<Record<string, Measurement>> = measurements[group];
  const measured = Object.entries(table).map(([name, measurement]) => ({
    key: snakeCase(name),
    label: measurement.label,
    value: measurement.secret && !showSecrets ? '***' : printable(values[name] ?? null, measurement),
    measurement,
  }));
  const origin = Object.entries(originOf(device, group)).map(([key, value]) => ({
    key,
    label: `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
    value,
  }));
  return [...measured, ...origin];
}

export const isList = (value: Value): value is readonly Scalar[] => Array.isArray(value);

function valuesOf(
  { deviceInfo, reading }: DeviceResult,
  group: MeasurementGroup,
): Readonly<Record<string, Value>> | undefined {
  if (group === 'deviceInfo') return deviceInfo;
  if (reading === undefined) return undefined;
  const { source: _, ...values } = reading;
  return values;
}

function originOf(
  { device, address, simulated, reading }: DeviceResult,
  group: MeasurementGroup,
): Readonly<Record<string, Scalar>> {
  return {
    device,
    address,
    ...(simulated && { simulated }),
    ...(group === 'cellData' &&
      reading && { time: new Date(reading.source.time).toISOString(), variant: reading.source.variant }),
  };
}

function printable(value: Value, { kind }: Measurement): Value {
  const one = (item: Scalar): Scalar => {
    if (typeof item === 'number') return Number.isFinite(item) ? item : null;
    return kind === 'alarms' && typeof item === 'string' ? snakeCase(item) : item;
  };
  return isList(value) ? value.map(one) : one(value);
}
