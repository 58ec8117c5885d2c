import { alarms, measurements, snakeCase, type Measurement, type Reading } from '@ubmsc/protocol';
import { isWell, type Range } from './ranges.ts';

/** How a battery is, by the exit codes of plugins of Nagios. */
export const levels = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

export type Level = 0 | 1 | 2 | 3;

export interface Ranges {
  readonly warning: readonly Range[];
  readonly critical: readonly Range[];
}

/** What is said of one battery: how it is, and why. */
export interface Judgement {
  readonly level: Level;
  readonly text: string;
}

/** The order of how bad it is: what is not known may hide anything but what is critical. */
const order: readonly Level[] = [2, 3, 1, 0];

/** From the worst to the best. */
export function fromWorst<T extends { readonly level: Level }>(found: readonly T[]): readonly T[] {
  return found.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
}

/** Judges a reading. A value that is asked for and absent is unknown; a switch is 0 or 1. */
export function judge(reading: Reading, { warning, critical }: Ranges): Judgement {
  const values = new Map<string, unknown>(
    Object.entries(reading).map(([name, value]) => [snakeCase(name), value]),
  );
  const problems: string[] = [];
  const found: { readonly level: Level }[] = [];
  const raise = (level: Level, problem: string): void => {
    found.push({ level });
    problems.push(problem);
  };
  const active = reading.alarms?.filter((name) => alarms[name].severity === 'alarm') ?? [];
  for (const name of active) raise(2, alarms[name].help);
  for (const [to, ranges] of [
    [2, critical],
    [1, warning],
  ] as const) {
    for (const range of ranges) {
      const all = [values.get(range.name)].flat();
      if (all.length === 0) raise(3, `${range.name} is not known`);
      for (const each of all) {
        const value = typeof each === 'boolean' ? Number(each) : each;
        if (typeof value !== 'number') raise(3, `${range.name} is not known`);
        else if (!isWell(range, value)) raise(to, `${range.name} is ${value}, not ${range.text}`);
      }
    }
  }
  return { level: fromWorst(found)[0]?.level ?? 0, text: [...new Set(problems)].join(', ') || 'all is well' };
}

/** What is drawn of a battery: `'name'=value;warning;critical`. */
export function performanceData(device: string, reading: Reading, { warning, critical }: Ranges): string {
  const rows = Object.entries<Measurement>(measurements.cellData).flatMap(([name, { unit }]) => {
    const key = snakeCase(name);
    const value: unknown = Object.entries(reading).find(([each]) => each === name)?.[1];
    if (typeof value !== 'number') return [];
    const of = (ranges: readonly Range[]): string => ranges.find((range) => range.name === key)?.text ?? '';
    // Plugins know few units; V, A and W are taken as they are.
    const label = `${device} ${key}`.replaceAll(/['=]/g, '_');
    return [`'${label}'=${value}${unit === '%' ? '%' : ''};${of(warning)};${of(critical)}`];
  });
  return rows.join(' ');
}
