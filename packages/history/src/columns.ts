import { measurements, snakeCase, type Measurement, type Reading } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import { DOUBT, type ColumnKind } from './table.ts';

/** Description of a column of the history. */
export interface ColumnInfo {
  /** In snake_case; of a list without the number of the cell. */
  readonly name: string;
  readonly label: string;
  readonly unit: Measurement['unit'];
  readonly kind: ColumnKind;
  /** Values are kept as multiples of 1/divisor. */
  readonly divisor: number;
  /** One column for each cell or probe, such as `cell_voltage_0`. */
  readonly isList: boolean;
}

/** Resolution of the values of each unit: that of the devices; power is a product and has its own. */
const divisors: Readonly<Record<NonNullable<Measurement['unit']>, number>> = {
  V: 1000,
  A: 1000,
  W: 10,
  Ω: 1000,
  '°C': 10,
  '%': 10,
  'A·h': 1000,
  kWh: 100_000,
  s: 1,
};

/** Numbers of cells have no mean. */
const identities: ReadonlySet<string> = new Set(['lowestCell', 'highestCell']);

/** Not stored: they follow from the totals, which are. */
const derived: ReadonlySet<string> = new Set([
  'energyChargedToday',
  'energyDischargedToday',
  'energyChargedMonth',
  'energyDischargedMonth',
]);

/** A state is 0 or 1, and its mean the part of the time in which it was 1. */
const columnKinds: Readonly<Record<Measurement['kind'], ColumnKind>> = {
  gauge: 'gauge',
  counter: 'counter',
  state: 'gauge',
  text: 'text',
  alarms: 'set',
};

const groups = ['cellData', 'bank', 'energy'] as const;

interface Source {
  readonly group: (typeof groups)[number];
  readonly key: string;
  readonly info: ColumnInfo;
}

const sources: readonly Source[] = groups.flatMap((group) =>
  Object.entries<Measurement>(measurements[group])
    .filter(([key]) => !derived.has(key))
    .map(([key, measurement]) => ({ group, key, info: infoOf(key, measurement) })),
);

/** Every column that a history can have, in the order of the vocabulary. */
export const columnInfos: readonly ColumnInfo[] = [
  ...sources.map(({ info }) => info),
  { name: DOUBT, label: 'Doubt', unit: undefined, kind: 'text', divisor: 1, isList: false },
];

const byName = new Map(columnInfos.map((info) => [info.name, info]));

/** Position of a column in the vocabulary; columns of a list share one. */
export function columnPlace(name: string): number {
  const info = columnInfo(name);
  return columnInfos.findIndex(
    (each) => each.name === name || (info && name.startsWith(`${each.name}_`) && each.isList),
  );
}

/** Describes a column by its name; undefined when there is no such column. Names count from 0, labels from 1. */
export function columnInfo(name: string): ColumnInfo | undefined {
  const alone = byName.get(name);
  if (alone) return alone.isList ? undefined : alone;
  const [, list = '', number = ''] = /^(\w+)_(\d{1,2})$/.exec(name) ?? [];
  const info = byName.get(list);
  return info?.isList ? { ...info, name, label: `${info.label} ${Number(number) + 1}` } : undefined;
}

function infoOf(key: string, { label, unit, kind, per }: Measurement): ColumnInfo {
  const isFraction = kind === 'state';
  return {
    name: snakeCase(key),
    label,
    unit,
    kind: identities.has(key) ? 'counter' : columnKinds[kind],
    divisor: isFraction ? 1000 : unit ? divisors[unit] : 10,
    isList: per !== undefined,
  };
}

/** Calls `visit` with each value that a reading has: numbers, and words of texts and sets. */
export function visitValues(
  status: BatteryStatus,
  reading: Reading,
  visit: (name: string, info: ColumnInfo, value: number | string) => void,
): void {
  const values: Readonly<Record<Source['group'], Readonly<Record<string, unknown>> | undefined>> = {
    cellData: reading,
    bank: status.bank,
    energy: status.energy,
  };
  for (const { group, key, info } of sources) {
    const value = values[group]?.[key];
    if (info.isList) {
      if (!Array.isArray(value)) continue;
      for (const [index, item] of value.entries()) {
        const one = storedValue(item);
        if (one !== undefined) visit(`${info.name}_${index}`, info, one);
      }
      continue;
    }
    const one = Array.isArray(value)
      ? value.map((word) => snakeCase(String(word))).join(',')
      : storedValue(value);
    if (one !== undefined) visit(info.name, info, one);
  }
}

function storedValue(value: unknown): number | string | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
