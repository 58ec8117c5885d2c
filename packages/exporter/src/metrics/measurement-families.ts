import {
  alarms,
  chargeStatuses,
  measurements,
  snakeCase,
  type DeviceInfo,
  type Measurement,
  type Reading,
} from '@ubmsc/protocol';
import { type BankValues, type EnergyTotals } from '@ubmsc/session';
import type { DeviceLines } from './device-lines.ts';
import type { Family } from './family.ts';
import type { Lines } from './lines.ts';

/** What one device says at the moment of a page. */
export interface Measured {
  readonly lines: DeviceLines;
  readonly deviceInfo?: DeviceInfo | undefined;
  readonly reading?: Reading | undefined;
  readonly bank?: BankValues | undefined;
  readonly energy?: EnergyTotals | undefined;
}

// Up time is in two groups: one metric.
const table = {
  ...measurements.deviceInfo,
  ...measurements.cellData,
  ...measurements.bank,
  ...measurements.energy,
} as const;

type Name = keyof typeof table;

/** Words that a measurement can have. Each gives a series, 1 where it applies. */
interface Words {
  /** What the metric is called: there is one series for each word, so it is named in the singular. */
  readonly metric: string;
  readonly label: string;
  readonly words: readonly string[];
}

const worded: Readonly<Partial<Record<Name, Words>>> = {
  alarms: { metric: 'alarm', label: 'alarm', words: Object.keys(alarms) },
  chargePhase: { metric: 'charge_phase', label: 'phase', words: chargeStatuses },
};

interface Row {
  readonly name: string;
  readonly help: string;
  readonly type: Family['type'];
  /** The series of a metric of one device; without series where it has no such value. */
  readonly linesOf: (metric: string, value: unknown, lines: DeviceLines) => Lines;
  readonly valueOf: (measured: Measured) => unknown;
}

const rows: readonly Row[] = Object.entries<Measurement>(table).flatMap(([name, row]) => {
  const { kind, per, metric } = row;
  const words = isName(name) ? worded[name] : undefined;
  if (kind === 'text' && !words) return [];
  const type = kind === 'counter' ? 'counter' : 'gauge';
  const linesOf = words ? linesOfWords(words) : per ? linesOfCells : lineOfNumber;
  const help = metric?.help ?? row.help;
  return [{ name: measurementName(name), help, type, linesOf, valueOf: valueOf(name, metric?.factor) }];
});

/** What the metric of a measurement is called. */
export function measurementName(name: string): string {
  if (!isName(name)) return snakeCase(name);
  const row: Measurement = table[name];
  return worded[name]?.metric ?? row.metric?.name ?? snakeCase(name);
}

/** The metrics of every measurement that is a number, or one of a few words. */
export function measurementFamilies(measured: readonly Measured[], prefix = ''): readonly Family[] {
  return rows.map(({ name, help, type, linesOf, valueOf: read }) => {
    const metric = `${prefix}${name}`;
    const lines: Lines[] = [];
    // Most devices have no value of many rows: those take no time at a page with a hundred devices.
    for (const each of measured) {
      const value = read(each);
      if (value !== undefined) lines.push(linesOf(metric, value, each.lines));
    }
    return { name: metric, help, type, lines };
  });
}

/** What a reading has is not taken from device info, which is as old as the link. */
function valueOf(name: string, factor = 1): Row['valueOf'] {
  const isMeasured = Object.hasOwn(measurements.cellData, name);
  const group = (['bank', 'energy'] as const).find((each) => Object.hasOwn(measurements[each], name));
  return (measured) => {
    const { deviceInfo, reading } = measured;
    const source: Readonly<Record<string, unknown>> | undefined = group
      ? measured[group]
      : isMeasured && reading
        ? reading
        : deviceInfo;
    const value = source?.[name];
    // A unit is not worth digits that the value does not have: 0.1 kWh is 360,000 J.
    return factor !== 1 && typeof value === 'number' ? Math.round(value * factor) : value;
  };
}

function lineOfNumber(metric: string, value: unknown, lines: DeviceLines): Lines {
  return lines.alone(metric).set(1, () => numberOf(value));
}

function linesOfCells(metric: string, value: unknown, lines: DeviceLines): Lines {
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  return lines.cells(metric).set(values.length, (cell) => numberOf(values[cell]));
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined;
}

function linesOfWords({ label, words }: Words): Row['linesOf'] {
  return (metric, value, lines) => {
    const isKnown = typeof value === 'string' || Array.isArray(value);
    const applies = (word: string | undefined): boolean =>
      Array.isArray(value) ? value.includes(word) : value === word;
    return lines
      .words(metric, label, words)
      .set(isKnown ? words.length : 0, (index) => Number(applies(words[index])));
  };
}

function isName(name: string): name is Name {
  return Object.hasOwn(table, name);
}
