import {
  decode,
  layouts,
  measurements,
  snakeCase,
  type Measurement,
  type MeasurementValue,
} from '@ubmsc/protocol';
import { batteryKey } from '@ubmsc/energy';
import { readingAge, sessionStates, type BatteryStatus } from '@ubmsc/session';
import type { BatteryJson, JsonValue, Word } from './answers.ts';

const groups = ['cellData', 'energy', 'bank'] as const;

/** What is known of a battery at the time `now` of its source. */
export function batteryJson(status: BatteryStatus, now: number): BatteryJson {
  const { device, address, simulated, state, message, reading, energy, bank, staleAfter } = status;
  const sources = { cellData: reading, energy, bank };
  const values = groups.flatMap((group) => {
    const source: Readonly<Record<string, unknown>> | undefined = sources[group] && { ...sources[group] };
    if (!source) return [];
    return Object.entries<Measurement>(measurements[group])
      .filter(([, { secret }]) => !secret)
      .map(([name, measurement]) => [snakeCase(name), printable(source[name], measurement)] as const);
  });
  return {
    key: batteryKey(status) ?? null,
    device,
    address: address ?? null,
    simulated,
    is_bank: bank !== undefined,
    state,
    state_text: sessionStates[state],
    message: message ?? null,
    age: readingAge(status, now) ?? null,
    stale_after: staleAfter,
    doubt: reading?.doubt ?? null,
    cell_limits: cellLimits(status),
    values: Object.fromEntries(values),
  };
}

type CellLimits = BatteryJson['cell_limits'];

/** Settings are decoded once for each record. */
const decodedLimits = new WeakMap<object, CellLimits>();

function cellLimits({ settings }: BatteryStatus): CellLimits {
  if (!settings) return { low: null, high: null };
  const known = decodedLimits.get(settings);
  if (known) return known;
  const values: Readonly<Record<string, unknown>> = decode(
    layouts[settings.variant].settings,
    settings.frame,
  );
  // 0 stands for a limit that the device does not have.
  const limit = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);
  const limits = { low: limit(values['cellUvp']), high: limit(values['cellOvp']) };
  decodedLimits.set(settings, limits);
  return limits;
}

function printable(value: unknown, measurement: Measurement): JsonValue | readonly JsonValue[] {
  if (Array.isArray(value)) return value.map((item: MeasurementValue) => one(item, measurement));
  return one(value, measurement);
}

function one(value: unknown, { kind }: Measurement): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  return kind === 'alarms' ? snakeCase(value) : value;
}

/** Labels and units of the values, so that the page has no list of its own. */
export function vocabularyJson(): Readonly<Record<string, Word>> {
  return Object.fromEntries(
    groups.flatMap((group) =>
      Object.entries<Measurement>(measurements[group]).map(([name, { label, help, kind, unit }]) => [
        snakeCase(name),
        { label, help, kind, ...(unit && { unit }) },
      ]),
    ),
  );
}
