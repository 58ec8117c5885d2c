import { answerJson, columnInfo, valuesOf, type Column } from '@ubmsc/history';
import type { Found } from './found.ts';
import { columns as linesOf } from '../formats/columns.ts';
import { sanitize, type Document, type Row } from '../formats/index.ts';
import { localTime } from '../times.ts';

/** What time is shown, in milliseconds since 1970-01-01 UTC, and how long a row is. */
export interface Shown {
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** For people: a line for each row, in local time. */
export function historyTable({ battery, answer }: Found, { every }: Shown): string {
  const { times, columns } = answer.table;
  const names = [...columns.keys()];
  const texts = names.map((name) => textsOf(columns.get(name)));
  const rows = Array.from(times, (time, row) => [
    localTime(time)
      .slice(0, every < 60_000 ? 19 : 16)
      .replace('T', ' '),
    ...texts.map((column) => column[row] ?? ''),
    '',
  ]);
  const head = ['', ...names.map((name) => withUnit(columnInfo(name)?.label ?? name, name)), ''];
  const lines = rows.length > 0 ? linesOf([head, ...rows], 'padStart') : ['  no readings in this time'];
  return [headingOf(battery), ...lines].map((line) => `${line}\n`).join('');
}

/** A mean, with the least and the largest value where they differ. */
function textsOf(column: Column | undefined): readonly string[] {
  if (!column) return [];
  if (column.words) return valuesOf(column).map((word) => (word === null ? '–' : sanitize(String(word))));
  const decimals = Math.min(3, Math.round(Math.log10(column.divisor)));
  const { min, max } = column;
  return Array.from(column.value, (value, row) => {
    if (Number.isNaN(value)) return '–';
    const [low, high] = [min?.[row] ?? value, max?.[row] ?? value];
    const text = value.toFixed(decimals);
    return low === high ? text : `${text} (${low.toFixed(decimals)}…${high.toFixed(decimals)})`;
  });
}

function withUnit(label: string, name: string): string {
  const unit = columnInfo(name)?.unit;
  return unit === undefined ? label : `${label}, ${unit}`;
}

/** A bar for each row, from the least value to the largest; time without readings is blank. */
const BARS = '▁▂▃▄▅▆▇█';

/** For people: a chart of each column, one line each. */
export function historyChart({ battery, answer }: Found, { from, to, every }: Shown): string {
  const { times, columns } = answer.table;
  const begin = Math.floor(from / every) * every;
  const slots = Math.ceil((to - begin) / every);
  const charts = [...columns].flatMap(([name, { value, min = value, max = value, words }]) => {
    const known = value.filter((each) => !Number.isNaN(each));
    if (words || known.length === 0) return [];
    const low = Math.min(...min.filter((each) => !Number.isNaN(each)));
    const high = Math.max(...max.filter((each) => !Number.isNaN(each)));
    const bars = Array.from({ length: slots }, () => ' ');
    for (const [row, time] of times.entries()) {
      const each = value[row] ?? NaN;
      if (Number.isNaN(each)) continue;
      const part = high > low ? (each - low) / (high - low) : 0;
      bars[Math.floor((time - begin) / every)] = BARS[Math.min(7, Math.floor(part * 8))] ?? ' ';
    }
    return [[withUnit(columnInfo(name)?.label ?? name, name), String(low), bars.join(''), String(high)]];
  });
  const lines = charts.length > 0 ? linesOf(charts, 'padEnd') : ['  no readings in this time'];
  const time = `  ${localTime(from).slice(0, 16).replace('T', ' ')} to ${localTime(to).slice(0, 16).replace('T', ' ')}`;
  return [headingOf(battery), ...lines, time].map((line) => `${line}\n`).join('');
}

/** For programs: a row for each time, in UTC. */
export function historyDocument(found: readonly Found[]): Document {
  return {
    history: found.flatMap(({ battery, answer }) => {
      const { times, counts, columns } = answerJson(answer);
      return times.map((time, row): Row => ({
        ...originOf(battery),
        time: new Date(time).toISOString(),
        readings: counts[row] ?? 1,
        ...Object.fromEntries(
          Object.entries(columns).flatMap(([name, { value, min, max }]) => [
            [name, value[row] ?? null],
            ...(min ? [[`${name}_min`, min[row] ?? null]] : []),
            ...(max ? [[`${name}_max`, max[row] ?? null]] : []),
          ]),
        ),
      }));
    }),
  };
}

export function headingOf({ title, address, simulated }: Found['battery']): string {
  const name = title === address ? address : `${sanitize(title)} (${address})`;
  return simulated ? `${name} SIMULATED` : name;
}

export function originOf({ title, address, simulated }: Found['battery']): Row {
  return { device: title, address, ...(simulated && { simulated }) };
}
