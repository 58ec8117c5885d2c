import { join } from 'node:path';
import { roundTo } from '@ubmsc/protocol';
import * as v from 'valibot';
import { decodeBlock } from './block.ts';
import { blocksOf } from './block-file.ts';
import { appendLine, readLines } from './checked-lines.ts';
import { tierFiles, utcDay } from './folder.ts';
import { loadSteps, type LoadStep } from './load-steps.ts';
import { query, type Query } from './query.ts';
import { DAY } from './steps.ts';
import { DOUBT } from './table.ts';

/** A day has a resistance when it has at least this many load steps. */
const LEAST_STEPS = 20;

/** Days that may not be summarized yet. */
const RECENT_DAYS = 8;

const cell = v.object({
  /** Ω: the median of the load steps of the day. */
  resistance: v.number(),
  /** Ω: its standard error. */
  uncertainty: v.number(),
});

const line = v.object({
  /** Day in UTC, such as `2026-11-29`. */
  day: v.string(),
  /** Number of load steps. */
  steps: v.number(),
  /** Mean temperature in °C; null where it is not known. */
  temperature: v.nullable(v.number()),
  /** By the number of the cell, from 0; null where a cell has no value. Empty when there were few steps. */
  cells: v.array(v.nullable(cell)),
});

/** The resistance of the cells on one day, from load steps: that of about a second, with busbar and sense point. */
export type DayResistance = v.InferOutput<typeof line>;

const needed: readonly string[] = [
  'battery_current',
  'battery_temperature_0',
  DOUBT,
  ...Array.from({ length: 32 }, (_, number) => `cell_voltage_${number}`),
];

const fileIn = (folder: string): string => join(folder, 'resistance.jsonl');

/** The days of which the resistance is kept; the later one of two lines of a day counts. */
export async function readResistances(folder: string): Promise<{
  readonly days: ReadonlyMap<string, DayResistance>;
  readonly damaged: number;
  readonly end: number;
}> {
  const { values, damaged, end } = await readLines(fileIn(folder));
  const days = values.flatMap((value) => {
    const parsed = v.safeParse(line, value);
    return parsed.success ? [[parsed.output.day, parsed.output] as const] : [];
  });
  return { days: new Map(days), damaged, end };
}

/** Keeps the resistance of a day that is over, while its readings are there. */
export async function keepResistance(folder: string, day: string): Promise<void> {
  const steps: LoadStep[] = [];
  for (const { tier, path, start } of await tierFiles(folder)) {
    if (tier !== 'raw' || utcDay(start) !== day) continue;
    for (const block of (await blocksOf(path)).blocks) {
      const { table } = decodeBlock(block, (name) => needed.includes(name));
      if (table) steps.push(...loadSteps(table));
    }
  }
  const found = summarize(day, steps);
  const { days, end } = await readResistances(folder);
  if (JSON.stringify(days.get(day)) !== JSON.stringify(found)) await appendLine(fileIn(folder), end, found);
}

/** The resistance of the cells on each day of a time; days with few load steps are left out. */
export async function resistances({
  folder,
  battery,
  from,
  to,
}: Pick<Query, 'folder' | 'battery' | 'from' | 'to'>): Promise<readonly DayResistance[]> {
  const { days } = await readResistances(join(folder, battery));
  const all = new Map(days);
  const begin = Date.parse(utcDay(to - RECENT_DAYS * DAY));
  for (let day = begin; day < to; day += DAY) {
    const name = utcDay(day);
    if (all.has(name)) continue;
    const asked = { folder, battery, columns: needed, from: day, to: day + DAY };
    const { table, step } = await query(asked);
    // Minutes tell nothing about steps.
    if (step === 0 && !table.counts) all.set(name, summarize(name, loadSteps(table)));
  }
  const [first, last] = [utcDay(from), utcDay(to)];
  return [...all.values()]
    .filter(({ day, cells }) => day >= first && day <= last && cells.length > 0)
    .toSorted((one, other) => one.day.localeCompare(other.day));
}

function summarize(day: string, steps: readonly LoadStep[]): DayResistance {
  if (steps.length < LEAST_STEPS) return { day, steps: steps.length, temperature: null, cells: [] };
  const count = Math.max(...steps.map((step) => step.resistances.length));
  const temperatures = steps.map(({ temperature }) => temperature).filter((each) => !Number.isNaN(each));
  const sum = temperatures.reduce((total, each) => total + each, 0);
  return {
    day,
    steps: steps.length,
    temperature: temperatures.length > 0 ? roundTo(sum / temperatures.length, 10) : null,
    cells: Array.from({ length: count }, (_, number) => {
      const known = steps
        .map((step) => step.resistances[number] ?? NaN)
        .filter((each) => !Number.isNaN(each));
      if (known.length < LEAST_STEPS) return null;
      const middle = median(known);
      // Standard error of a median, from the median absolute deviation.
      const deviation = 1.4826 * median(known.map((each) => Math.abs(each - middle)));
      const uncertainty = (1.2533 * deviation) / Math.sqrt(known.length);
      return { resistance: roundTo(middle, 1e7), uncertainty: roundTo(uncertainty, 1e7) };
    }),
  };
}

/** The median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
