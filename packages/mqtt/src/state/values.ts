import { alarms, measurements, snakeCase, type AlarmName, type Reading } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';

/** A value of a state: what JSON can hold, one level deep. */
export type Value = number | boolean | string | null | readonly (number | string | null)[];

/** Everything that is known of a battery at one moment, by the names of the vocabulary in snake_case. */
export type State = Readonly<Record<string, Value>>;

/** A boot time is computed from two clocks; a step of up to this, in ms, is not another boot. */
const BOOT_TOLERANCE = 120_000;

/**
 * The values of a battery with this reading. Every key is always there, with null for what is absent: Home Assistant
 * keeps the old value of a key that is missing.
 */
export function stateOf(status: BatteryStatus, reading: Reading, earlier?: State): State {
  const { energy, bank, rssi } = status;
  return {
    time: new Date(reading.source.time).toISOString(),
    ...valuesOf(measurements.cellData, { ...reading }),
    ...(bank && valuesOf(measurements.bank, { ...bank })),
    ...valuesOf(measurements.energy, { ...energy }),
    doubt: reading.doubt === undefined ? null : snakeCase(reading.doubt),
    alarm: reading.alarms && reading.alarms.some(isAlarm),
    last_boot: lastBoot(reading, earlier),
    rssi: rssi ?? null,
  };
}

/** Alarms are what is wrong; notices, such as that the battery is full, are not. */
const isAlarm = (name: AlarmName): boolean => alarms[name].severity === 'alarm';

function valuesOf(
  group: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, Value> {
  return Object.fromEntries(Object.keys(group).map((name) => [snakeCase(name), valueOf(values[name])]));
}

function valueOf(value: unknown): Value {
  if (Array.isArray(value)) return value.map(scalar);
  return typeof value === 'boolean' ? value : scalar(value);
}

/** Names of alarms are snake_case as all names are. A value that is not a number is absent. */
function scalar(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  return Object.hasOwn(alarms, value) ? snakeCase(value) : value;
}

function lastBoot({ upTime, source }: Reading, earlier: State | undefined): string | null {
  if (upTime === null) return null;
  const boot = source.time - upTime * 1000;
  const before = earlier?.['last_boot'];
  if (typeof before === 'string' && Math.abs(Date.parse(before) - boot) < BOOT_TOLERANCE) return before;
  return new Date(boot).toISOString();
}
