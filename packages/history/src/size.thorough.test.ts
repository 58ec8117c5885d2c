import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { madeReading } from '../test/made-day.ts';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { encodeBlock } from './block.ts';
import { tiers, utcDay, type Tier } from './folder.ts';
import { query } from './query.ts';
import { DAY, MINUTE, QUARTER } from './steps.ts';
import type { Table } from './table.ts';
import { HistoryWriter } from './writer.ts';

/**
 * Days that are written as they came, with all readings, and days that the history has in the end. Each day is a block of
 * its own, so that ten years are ten times a year.
 */
const MADE = 2;
const KEPT = 365;

/** Between two readings, in milliseconds. */
const CADENCE = 500;

const start = Date.UTC(2026, 0, 1);
const end = start + KEPT * DAY;

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-years-'))));
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Minutes and quarters of an hour of some days at full cadence, made by the writer. */
async function madeDays(): Promise<readonly (readonly [minutes: Table, quarters: Table])[]> {
  const made = join(folder, 'made');
  let now = start;
  {
    await using writer = await HistoryWriter.open({ folder: made, wallClock: () => now, isImport: true });
    for (; now < start + MADE * DAY; now += CADENCE) {
      writer.add(readingEvent(madeReading(now), now), now);
      if (now % (10 * MINUTE) === 0) await writer.flush();
    }
  }
  const days = Array.from({ length: MADE }, async (_, day) => {
    const from = start + day * DAY;
    const of = async (every: number): Promise<Table> =>
      (await query({ folder: made, battery: BATTERY, from, to: from + DAY, every })).table;
    return [await of(MINUTE), await of(QUARTER)] as const;
  });
  return await Promise.all(days);
}

function later(table: Table, by: number): Table {
  return { ...table, times: table.times.map((time) => time + by) };
}

/** The last values of gauges but cells, which a file has and an answer does not: as hard to tell as the largest ones. */
function withLast(table: Table): Table {
  const columns = [...table.columns].map(([name, column]) => {
    const hasLast = column.kind === 'gauge' && !/_\d+$/.test(name);
    return [name, hasLast ? { ...column, last: column.max ?? column.value } : column] as const;
  });
  return { ...table, columns: new Map(columns) };
}

test(
  `${KEPT} days at one minute are at most 250 MB in ten years, and a year is all there`,
  { timeout: 1_800_000 },
  async () => {
    const days = await madeDays();
    const place = join(folder, 'kept', BATTERY);
    await mkdir(place, { recursive: true });
    for (let day = 0; day < KEPT; day++) {
      const [minutes, quarters] = days[day % MADE] ?? [];
      const name = utcDay(start + day * DAY);
      const by = (day - (day % MADE)) * DAY;
      const write = async (tier: Tier, table: Table | undefined): Promise<void> => {
        if (!table) return;
        const block = encodeBlock(withLast(later(table, by)), { generations: [day + 1, day + 1] });
        await writeFile(join(place, tiers[tier].name(name)), block, { flag: 'a' });
      };
      await write('minute', minutes);
      await write('quarter', quarters);
    }
    const files = await Promise.all(
      (await readdir(place)).map(async (name) => await stat(join(place, name))),
    );
    const size = files.reduce((sum, file) => sum + file.size, 0);
    expect((size / KEPT) * 3653).toBeLessThanOrEqual(250_000_000);
    const from = Math.max(start, end - 365 * DAY);
    const begin = performance.now();
    const asked = { folder: join(folder, 'kept'), battery: BATTERY, columns: ['battery_voltage'] };
    const { table } = await query({ ...asked, from, to: end, every: MINUTE });
    const took = performance.now() - begin;
    expect(table.times.length).toBe((end - from) / MINUTE);
    // A speed is printed, not asserted: machines differ.
    console.info(
      `${(size / 1e6).toFixed(1)} MB; ${table.times.length} minutes of a column in ${took.toFixed(0)} ms`,
    );
  },
);
