import { roundTo } from '@ubmsc/protocol';
import { dayIn, daysIn, weekIn, weeksIn } from './days.ts';
import { query, type Query } from './query.ts';
import { DAY, MINUTE, QUARTER } from './steps.ts';
import type { Table } from './table.ts';

/** A value, when it was, and of which cell, from 0. */
export interface Extreme {
  readonly value: number;
  /** Milliseconds since 1970-01-01 UTC, to the minute or quarter of an hour. */
  readonly time: number;
  readonly cell: number;
}

/** A day or a week of a battery. */
export interface DaySummary {
  /** Such as `2026-11-29`, in the zone that was asked for; of a week its Monday. */
  readonly day: string;
  /** Hours of the day or week: fewer or more where clocks are changed. */
  readonly hours: number;
  /** Readings. */
  readonly readings: number;
  /** kWh; null where no energy was added up. */
  readonly charged: number | null;
  readonly discharged: number | null;
  /** %. */
  readonly lowestPercent: number | null;
  readonly highestPercent: number | null;
  readonly lowestCell: Extreme | null;
  readonly highestCell: Extreme | null;
  /** Mean and largest difference between cells, in V. */
  readonly spread: number | null;
  readonly largestSpread: number | null;
  /** Cycles that the device has counted up to the end. */
  readonly cycles: number | null;
  /** Alarms that were active, in snake_case. */
  readonly alarms: readonly string[];
}

/** Up to this many days are summarized from minutes, more from quarters of an hour. */
const FINE_DAYS = 40;

/** Columns that a summary needs. */
const needed: readonly string[] = [
  'energy_charged',
  'energy_discharged',
  'remain_percent',
  'delta_cell_voltage',
  'cycle_count',
  'alarms',
  ...Array.from({ length: 32 }, (_, cell) => `cell_voltage_${cell}`),
];

type SummaryQuery = Pick<Query, 'folder' | 'battery' | 'from' | 'to'> & {
  readonly zone?: string | undefined;
  /** Days when left out. */
  readonly by?: 'day' | 'week' | undefined;
};

/** The days or weeks of a battery, in the owner's zone. Those without readings are left out. */
export async function daySummaries(request: SummaryQuery): Promise<readonly DaySummary[]> {
  const { folder, battery, from, to, zone, by = 'day' } = request;
  const every = to - from > FINE_DAYS * DAY ? QUARTER : MINUTE;
  // A counter has grown since the row before the first one.
  const { table } = await query({ folder, battery, from: from - DAY, to, every, columns: needed });
  const [dayOf, spanOf] = by === 'week' ? [weekIn(zone), weeksIn(zone)] : [dayIn(zone), daysIn(zone)];
  const days = new Map<string, number[]>();
  for (const [row, time] of table.times.entries()) {
    if (time < from) continue;
    const day = dayOf(time);
    const rows = days.get(day) ?? [];
    rows.push(row);
    days.set(day, rows);
  }
  return [...days].map(([day, rows]): DaySummary => {
    const { start, end } = spanOf(table.times[rows[0] ?? 0] ?? 0);
    return {
      day,
      hours: (end - start) / 3_600_000,
      readings: sum(rows.map((row) => table.counts?.[row] ?? 1)),
      charged: growth(table, 'energy_charged', rows),
      discharged: growth(table, 'energy_discharged', rows),
      lowestPercent: extreme(rows, table.columns.get('remain_percent')?.min, Math.min),
      highestPercent: extreme(rows, table.columns.get('remain_percent')?.max, Math.max),
      lowestCell: extremeCell(table, rows, 'min'),
      highestCell: extremeCell(table, rows, 'max'),
      spread: meanOf(table, rows),
      largestSpread: extreme(rows, table.columns.get('delta_cell_voltage')?.max, Math.max),
      cycles: extreme(rows, table.columns.get('cycle_count')?.value, (_, later) => later),
      alarms: alarmsOf(table, rows),
    };
  });
}

function alarmsOf({ columns }: Table, rows: readonly number[]): readonly string[] {
  const { value, words = [] } = columns.get('alarms') ?? {};
  const all = new Set(rows.map((row) => words[value?.[row] ?? NaN] ?? ''));
  return [...new Set([...all].flatMap((each) => each.split(',')))].filter((name) => name !== '').toSorted();
}

/** By how much a counter has grown in rows; one that begins at 0 again has not fallen. */
function growth({ columns }: Table, name: string, rows: readonly number[]): number | null {
  const values = columns.get(name)?.value;
  if (!values) return null;
  let before = previous(values, rows[0] ?? 0);
  let total: number | null = null;
  for (const row of rows) {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) continue;
    total = (total ?? 0) + Math.max(0, value - (before ?? value));
    before = value;
  }
  return total === null ? null : roundTo(total, 1e5);
}

function previous(values: Float64Array, row: number): number | undefined {
  for (let index = row - 1; index >= 0; index--) {
    const value = values[index] ?? NaN;
    if (!Number.isNaN(value)) return value;
  }
  return undefined;
}

function extreme(
  rows: readonly number[],
  values: Float64Array | undefined,
  choose: (one: number, other: number) => number,
): number | null {
  let found: number | null = null;
  for (const row of rows) {
    const value = values?.[row] ?? NaN;
    if (!Number.isNaN(value)) found = found === null ? value : choose(found, value);
  }
  return found;
}

function extremeCell(
  { times, columns }: Table,
  rows: readonly number[],
  part: 'min' | 'max',
): Extreme | null {
  let found: Extreme | null = null;
  for (const [name, column] of columns) {
    const cell = Number(/^cell_voltage_(\d+)$/.exec(name)?.[1] ?? NaN);
    const values = column[part];
    if (Number.isNaN(cell) || !values) continue;
    for (const row of rows) {
      const value = values[row] ?? NaN;
      const isBeyond = found === null || (part === 'min' ? value < found.value : value > found.value);
      if (!Number.isNaN(value) && isBeyond) found = { value, time: times[row] ?? 0, cell };
    }
  }
  return found;
}

function meanOf({ columns, counts }: Table, rows: readonly number[]): number | null {
  const values = columns.get('delta_cell_voltage')?.value;
  const known = rows.filter((row) => !Number.isNaN(values?.[row] ?? NaN));
  const weights = sum(known.map((row) => counts?.[row] ?? 1));
  if (!values || weights === 0) return null;
  const total = sum(known.map((row) => (values[row] ?? 0) * (counts?.[row] ?? 1)));
  return roundTo(total / weights, 1e4);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** By how much the mean spread of a day grows, in V a day, by least squares; null of fewer than seven days. */
export function spreadTrend(days: readonly DaySummary[]): number | null {
  const points = days.flatMap(({ day, spread }) =>
    spread === null ? [] : [{ x: Date.parse(day) / 86_400_000, y: spread }],
  );
  if (points.length < 7) return null;
  const x = sum(points.map((point) => point.x)) / points.length;
  const y = sum(points.map((point) => point.y)) / points.length;
  const slope =
    sum(points.map((point) => (point.x - x) * (point.y - y))) /
    sum(points.map((point) => (point.x - x) ** 2));
  return roundTo(slope, 1e7);
}
