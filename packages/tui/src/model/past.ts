import type { BatteryStatus } from '@ubmsc/session';
import type { Bucket } from '../text/bucket.ts';
import type { Quantity } from './history.ts';

/** What a column of the history was over some time, which begins at `time`, in milliseconds since 1970-01-01 UTC. */
export interface PastRow {
  readonly time: number;
  /** In milliseconds. */
  readonly length: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly last: number;
}

/** A stretch of time, in milliseconds since 1970-01-01 UTC, and how many rows are wanted of it. */
export interface PastStretch {
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/** Reads columns of the history of a battery, by their names in it. */
export type ReadPast = (
  status: BatteryStatus,
  columns: readonly string[],
  stretch: PastStretch,
) => Promise<ReadonlyMap<string, readonly PastRow[]>>;

/** Most stretches of time that are kept after they were read. */
const MOST = 8;

interface Entry {
  readonly to: number;
  readonly rows: ReadonlyMap<string, readonly PastRow[]>;
}

const nothing: Entry = { to: -Infinity, rows: new Map() };

/** What was before the terminal UI was started, as graphs show it: read when it is looked at, and kept meanwhile. */
export class Past {
  readonly #read: ReadPast;
  readonly #changed: () => void;
  readonly #entries = new Map<string, Entry>();
  readonly #reading = new Set<string>();

  /** `changed` is called when something that was wanted is there. */
  constructor(read: ReadPast, changed: () => void) {
    this.#read = read;
    this.#changed = changed;
  }

  /**
   * The columns `shown` as one, the largest value of each row, in buckets. They are read together with all of `columns`,
   * which are wanted for other graphs of this stretch. What is not read yet is blank.
   */
  buckets(
    status: BatteryStatus,
    columns: readonly string[],
    shown: readonly string[],
    stretch: PastStretch,
  ): Bucket[] {
    const { from, to, points } = stretch;
    const key = [status.device, to - from, points, ...columns].join('\n');
    const entry = this.#entries.get(key) ?? nothing;
    if (entry.to !== to) void this.#load(key, status, columns, stretch);
    const all = shown.map((column) => bucketed(entry.rows.get(column) ?? [], stretch));
    return Array.from({ length: points }, (_, index) => largest(all.map((buckets) => buckets[index])));
  }

  async #load(
    key: string,
    status: BatteryStatus,
    columns: readonly string[],
    stretch: PastStretch,
  ): Promise<void> {
    if (this.#reading.has(key)) return;
    this.#reading.add(key);
    // A history that cannot be read is as one that is empty: live values go on.
    const rows = await this.#read(status, columns, stretch).catch(() => nothing.rows);
    this.#reading.delete(key);
    this.#entries.delete(key);
    this.#entries.set(key, { to: stretch.to, rows });
    for (const oldest of [...this.#entries.keys()].slice(0, -MOST)) this.#entries.delete(oldest);
    this.#changed();
  }
}

/** The columns of the history that a quantity is made of. */
const columnsOf: Readonly<Record<Quantity, readonly string[]>> = {
  batteryVoltage: ['battery_voltage'],
  batteryCurrent: ['battery_current'],
  batteryPower: ['battery_power'],
  deltaCellVoltage: ['delta_cell_voltage'],
  lowestCellVoltage: ['lowest_cell_voltage'],
  highestCellVoltage: ['highest_cell_voltage'],
  remainPercent: ['remain_percent'],
  temperature: ['battery_temperature_0', 'battery_temperature_1', 'mosfet_temperature'],
};

const allColumns = Object.values(columnsOf).flat();

/** A quantity over a stretch of time, from the history. */
export function pastQuantity(
  past: Past,
  status: BatteryStatus,
  quantity: Quantity,
  stretch: PastStretch,
): Bucket[] {
  return past.buckets(status, allColumns, columnsOf[quantity], stretch);
}

/** A value of one cell over a stretch of time, from the history. */
export function pastCell(
  past: Past,
  status: BatteryStatus,
  name: 'cell_voltage' | 'cell_resistance',
  cell: number,
  stretch: PastStretch,
): Bucket[] {
  const columns = [`cell_voltage_${cell}`, `cell_resistance_${cell}`];
  return past.buckets(status, columns, [`${name}_${cell}`], stretch);
}

/** Recent buckets, and where there are none the earlier ones. */
export function joined(recent: readonly Bucket[], earlier: readonly Bucket[]): readonly Bucket[] {
  if (earlier.length === 0) return recent;
  const count = Math.max(recent.length, earlier.length);
  return Array.from({ length: count }, (_, index) => recent[index] ?? earlier[index]);
}

function bucketed(rows: readonly PastRow[], { from, to, points: count }: PastStretch): Bucket[] {
  const buckets: Bucket[] = Array.from({ length: count });
  const length = (to - from) / count;
  for (const row of rows) {
    const first = Math.max(0, Math.floor((row.time - from) / length));
    const end = Math.max(first + 1, Math.ceil((row.time + row.length - from) / length));
    for (let index = first; index < Math.min(end, count); index++)
      buckets[index] = combined(buckets[index], row);
  }
  return buckets;
}

function combined(before: Bucket, { low, high, mean, last }: PastRow): Bucket {
  if (!before) return { low, high, mean, last };
  return {
    low: Math.min(before.low, low),
    high: Math.max(before.high, high),
    mean: (before.mean + mean) / 2,
    last,
  };
}

function largest(buckets: readonly Bucket[]): Bucket {
  const known = buckets.filter((bucket) => bucket !== undefined);
  if (known.length < 2) return known[0];
  const most = (value: (bucket: NonNullable<Bucket>) => number): number => Math.max(...known.map(value));
  return {
    low: most(({ low }) => low),
    high: most(({ high }) => high),
    mean: most(({ mean }) => mean),
    last: most(({ last }) => last),
  };
}
