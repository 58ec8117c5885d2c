import {
  alarms,
  chargeStatuses,
  measurements,
  snakeCase,
  type DeviceInfo,
  type Measurement,
  type Reading,
} from '@ubmsc/protocol';
import type { Family, Series } from './family.ts';
import type { DeviceLabels } from './labels.ts';

/** What one device says at the moment of a page. */
export interface Measured {
  readonly labels: DeviceLabels;
  readonly deviceInfo?: DeviceInfo | undefined;
  readonly reading?: Reading | undefined;
}

type Name = keyof typeof measurements.cellData | keyof typeof measurements.deviceInfo;

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
  /** Adds the series of one device; none for a value that it does not have. */
  readonly collect: (value: unknown, labels: DeviceLabels, series: Series[]) => void;
  readonly valueOf: (measured: Measured) => unknown;
}

// Up time is in both groups: one metric.
const vocabulary = Object.entries<Measurement>({ ...measurements.deviceInfo, ...measurements.cellData });

const rows: readonly Row[] = vocabulary.flatMap(([name, { kind, help }]) => {
  const words = isName(name) ? worded[name] : undefined;
  if (kind === 'text' && !words) return [];
  const type = kind === 'counter' ? 'counter' : 'gauge';
  const collect = words ? collectWords(words) : collectNumbers;
  return [{ name: measurementName(name), help, type, collect, valueOf: valueOf(name) }];
});

/** What the metric of a measurement is called. */
export function measurementName(name: string): string {
  return (isName(name) ? worded[name]?.metric : undefined) ?? snakeCase(name);
}

/** The metrics of every measurement that is a number, or one of a few words. */
export function measurementFamilies(measured: readonly Measured[], prefix = ''): readonly Family[] {
  return rows.map(({ name, help, type, collect, valueOf: read }) => {
    const series: Series[] = [];
    for (const each of measured) collect(read(each), each.labels, series);
    return { name: `${prefix}${name}`, help, type, series };
  });
}

/** What a reading has is not taken from device info, which is as old as the link. */
function valueOf(name: string): Row['valueOf'] {
  const isMeasured = Object.hasOwn(measurements.cellData, name);
  return ({ deviceInfo, reading }) => {
    const source: Readonly<Record<string, unknown>> | undefined =
      isMeasured && reading ? reading : deviceInfo;
    return source?.[name];
  };
}

function collectNumbers(value: unknown, labels: DeviceLabels, series: Series[]): void {
  if (Array.isArray(value)) {
    for (let cell = 0; cell < value.length; cell++) {
      const each: unknown = value[cell];
      if (isNumber(each)) series.push({ labels: labels.cell(cell), value: each });
    }
  } else if (isNumber(value)) series.push({ labels: labels.alone, value });
  else if (typeof value === 'boolean') series.push({ labels: labels.alone, value: Number(value) });
}

function collectWords({ label, words }: Words): Row['collect'] {
  return (value, labels, series) => {
    if (typeof value !== 'string' && !Array.isArray(value)) return;
    for (const word of words) {
      const applies = Array.isArray(value) ? value.includes(word) : value === word;
      series.push({ labels: labels.with(label, word), value: Number(applies) });
    }
  };
}

/** A float field may hold garbage that is no number; it must not take the whole page with it. */
const isNumber = (value: unknown): value is number => Number.isFinite(value);

function isName(name: string): name is Name {
  return Object.hasOwn(measurements.cellData, name) || Object.hasOwn(measurements.deviceInfo, name);
}
