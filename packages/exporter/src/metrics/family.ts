import { Lines, type Labels } from './lines.ts';

/** One metric with all its series at one moment. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly lines: readonly Lines[];
}

/** A metric with these series. */
export function family(
  type: Family['type'],
  name: string,
  help: string,
  series: readonly (readonly [labels: Labels, value: number | undefined])[],
): Family {
  const lines = new Lines(name, (index) => series[index]?.[0] ?? {});
  return { name, help, type, lines: [lines.set(series.length, (index) => series[index]?.[1])] };
}

/** A metric that has one series without labels; none when the value is undefined. */
export const gauge = (name: string, help: string, value: number | undefined): Family =>
  family('gauge', name, help, [[{}, value]]);

/** A family with one value that only grows. */
export const counter = (name: string, help: string, value: number | undefined): Family =>
  family('counter', name, help, [[{}, value]]);
