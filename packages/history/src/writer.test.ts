import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { statusWith } from '@ubmsc/testing';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { batteriesOf, query, queryEvents, type Query } from './query.ts';
import { DAY, HOUR, MINUTE } from './steps.ts';
import { HistoryWriter, type HistoryWriterOptions } from './writer.ts';

const start = Date.UTC(2026, 10, 29, 9, 58);

let folder = '';
let now = start;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'));
  now = start;
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function open(options: Partial<HistoryWriterOptions> = {}): Promise<HistoryWriter> {
  return await HistoryWriter.open({ folder, wallClock: () => now, ...options });
}

/** Readings up to a time, one each `every` milliseconds, each a minute written. The current is the minute of the hour. */
async function read(writer: HistoryWriter, until: number, every = 10_000): Promise<void> {
  for (; now < until; now += every) {
    writer.add(readingEvent({ batteryCurrent: Math.floor(now / MINUTE) % 60 }, now), now);
    if ((now + every) % MINUTE === 0) await writer.flush();
  }
}

/** The currents that a query finds, by their time since the start in seconds. */
async function currents(
  request: Partial<Query> = {},
): Promise<[time: number, current: number | undefined][]> {
  const to = request.to ?? now + DAY;
  const { table } = await query({ folder, battery: BATTERY, from: start - DAY, to, ...request });
  const values = table.columns.get('battery_current')?.value;
  return [...table.times].map((time, row) => [(time - start) / 1000, values?.[row]]);
}

describe('what was written is found', () => {
  test('in the journal, in files, and both together', async () => {
    const writer = await open();
    await read(writer, start + MINUTE);
    expect(await batteriesOf(folder)).toEqual([BATTERY]);
    const first = [0, 10, 20, 30, 40, 50].map((time) => [time, 58]);
    expect(await currents()).toEqual(first);
    // The hour ends: the journal is sealed.
    await read(writer, start + 4 * MINUTE, 30_000);
    expect(await readdir(folder)).toEqual([BATTERY, expect.stringMatching(/^journal-\d+\.ubh$/), 'lock']);
    const more = [
      [60, 59],
      [90, 59],
      [120, 0],
      [150, 0],
      [180, 1],
      [210, 1],
    ];
    expect(await currents()).toEqual([...first, ...more]);
    await writer[Symbol.asyncDispose]();
    expect(await currents()).toEqual([...first, ...more]);
    expect(await currents({ from: start + 90_000, to: start + 121_000 })).toEqual([
      [90, 59],
      [120, 0],
    ]);
  });

  test('as minutes and quarters of an hour, over days that are over and one that is not', async () => {
    const writer = await open();
    now = start - DAY;
    await read(writer, start - DAY + HOUR, 20_000);
    now = start;
    await read(writer, start + HOUR + 10 * MINUTE, 20_000);
    await writer.flush();
    const files = await readdir(join(folder, BATTERY));
    expect(files).toContain('minute-2026-11.ubh');
    expect(files).toContain('quarter-2026.ubh');
    expect(files).toContain('running-2026-11-29.ubh');
    expect(files).not.toContain('running-2026-11-28.ubh');
    const from = start - 2 * DAY;
    const minutes = await query({ folder, battery: BATTERY, from, to: now, every: MINUTE });
    expect(minutes.table.times).toHaveLength(60 + 70);
    expect(new Set(minutes.table.counts)).toEqual(new Set([3]));
    const hours = await query({ folder, battery: BATTERY, from, to: now, every: HOUR });
    expect([...(hours.table.counts ?? [])]).toEqual([6, 174, 6, 180, 24]);
    const values = hours.table.columns.get('battery_current');
    expect([...(values?.max ?? [])]).toEqual([59, 57, 59, 59, 7]);
    expect(values?.value[3]).toBe(29.5);
  });

  test('with at most as many points as were asked for, and without rows for times without readings', async () => {
    const writer = await open();
    await read(writer, start + 2 * HOUR, 60_000);
    now += 5 * HOUR;
    await read(writer, start + 8 * HOUR, 60_000);
    await writer[Symbol.asyncDispose]();
    const { table, step } = await query({ folder, battery: BATTERY, from: start, to: now, points: 30 });
    expect(step).toBe(30 * MINUTE);
    expect(table.times.length).toBeLessThanOrEqual(30);
    const gaps = [...table.times].filter((time, row) => row > 0 && time - (table.times[row - 1] ?? 0) > HOUR);
    expect(gaps).toHaveLength(1);
  });

  test('also where readings are kept no longer than minutes', async () => {
    const writer = await open({ rawDays: 1 });
    await read(writer, start + HOUR, 20_000);
    now = start + 3 * DAY;
    await read(writer, now + 2 * MINUTE, 20_000);
    await writer[Symbol.asyncDispose]();
    const files = await readdir(join(folder, BATTERY));
    expect(files.filter((name) => name.startsWith('raw'))).toEqual(['raw-2026-12-02.ubh']);
    const all = await currents();
    expect(all).toHaveLength(60 + 6);
    expect(all.at(0)).toEqual([0, 58]);
  });
});

test('of cells that come later there is nothing before', async () => {
  const writer = await open();
  writer.add(readingEvent({ cellVoltage: [3.1, 3.2] }, now), now);
  await writer.flush();
  writer.add(readingEvent({ cellVoltage: [3.1, 3.2, 3.3] }, now + 1000), now + 1000);
  await writer[Symbol.asyncDispose]();
  const { table } = await query({ folder, battery: BATTERY, from: start, to: now + DAY });
  expect(table.columns.get('cell_voltage_2')?.value).toEqual(Float64Array.of(NaN, 3.3));
  expect(table.columns.get('cell_voltage_1')?.value).toEqual(Float64Array.of(3.2, 3.2));
});

test('a suspicious reading is kept and marked, and is in no mean and no extreme', async () => {
  const writer = await open();
  const doubtful = { batteryCurrent: 999, doubt: 'slots' } as const;
  writer.add(readingEvent({ batteryCurrent: 1 }, now), now);
  writer.add(readingEvent(doubtful, now + 1000), now + 1000);
  await writer[Symbol.asyncDispose]();
  expect(await currents()).toEqual([[0, 1]]);
  const { doubtful: kept } = await query({ folder, battery: BATTERY, from: start, to: now + DAY });
  expect(kept.columns.get('battery_current')?.value).toEqual(Float64Array.of(999));
  expect(kept.columns.get('doubt')?.words).toEqual(['slots']);
  const { table } = await query({ folder, battery: BATTERY, from: start, to: now + DAY, every: MINUTE });
  expect(table.columns.get('battery_current')?.max).toEqual(Float64Array.of(1));
  expect(table.counts).toEqual(Float64Array.of(1));
});

describe('a clock', () => {
  test('that steps back loses nothing and overwrites nothing', async () => {
    const writer = await open();
    await read(writer, start + 5 * MINUTE, 60_000);
    now = start - 2 * HOUR;
    await read(writer, now + 3 * MINUTE, 60_000);
    now = start + 5 * MINUTE;
    await read(writer, start + 8 * MINUTE, 60_000);
    await writer[Symbol.asyncDispose]();
    const times = (await currents()).map(([time]) => time);
    expect(times).toEqual([-7200, -7140, -7080, 0, 60, 120, 180, 240, 300, 360, 420]);
  });

  test('that was not set yet is put right by the monotonic one when it is', async () => {
    const writer = await open();
    const event = (time: number, monotonic: number): ReturnType<typeof readingEvent> =>
      readingEvent({ batteryCurrent: monotonic }, time, { readingTime: monotonic });
    writer.add(event(5000, 1000), 1000);
    writer.add(event(6000, 2000), 2000);
    await writer.flush();
    expect(await currents()).toEqual([]);
    writer.add(event(start, 4000), 4000);
    await writer[Symbol.asyncDispose]();
    expect((await currents()).map(([time]) => time)).toEqual([-3, -2, 0]);
  });
});

test('a second process does not write to the same history', async () => {
  await using writer = await open();
  await writer.flush();
  await expect(open()).rejects.toThrow(UsageError);
  await expect(open()).rejects.toThrow(`is used by another process, ${process.pid}`);
});

test('while the disk refuses, readings wait, and then all are there', async () => {
  const writer = await open();
  const moved = `${folder}-away`;
  await writer.flush();
  await rm(folder, { recursive: true });
  await read(writer, start + 2 * MINUTE);
  await mkdir(folder);
  await read(writer, start + 3 * MINUTE);
  await writer[Symbol.asyncDispose]();
  expect(await currents()).toHaveLength(18);
  await rm(moved, { recursive: true, force: true });
});

test('sealing that was interrupted anywhere is done again without doing anything twice', async () => {
  const writer = await open();
  await read(writer, start + MINUTE);
  writer.add(
    {
      kind: 'state',
      time: now,
      from: 'streaming',
      status: statusWith({ state: 'lost', reason: 'linkLost' }),
    },
    now,
  );
  await writer.flush();
  const journal = (await readdir(folder)).find((name) => name.startsWith('journal')) ?? '';
  await copyFile(join(folder, journal), join(folder, 'kept'));
  await writer[Symbol.asyncDispose]();
  const truth = await currents();
  const files = (await readdir(join(folder, BATTERY))).toSorted();
  for (const missing of files) {
    await copyFile(join(folder, 'kept'), join(folder, journal));
    await rm(join(folder, BATTERY, missing));
    expect(await currents()).toEqual(truth);
    await using again = await open();
    expect(await currents()).toEqual(truth);
    expect((await queryEvents({ folder, battery: BATTERY, from: 0, to: Infinity })).length).toBe(1);
    await again.flush();
  }
  expect((await readdir(join(folder, BATTERY))).toSorted()).toEqual(files);
});

test('events are kept: states with their reason, alarms with their end', async () => {
  const writer = await open();
  const state = (name: 'lost' | 'streaming'): void =>
    writer.add(
      {
        kind: 'state',
        time: now,
        from: 'searching',
        status: statusWith({ state: name, reason: name === 'lost' ? 'linkLost' : undefined }),
      },
      now,
    );
  state('lost');
  state('streaming');
  writer.add(readingEvent({ alarms: ['cellUnderVoltage'] }, now + 1), now);
  writer.add(readingEvent({ alarms: ['cellUnderVoltage'] }, now + 2), now);
  await writer.flush();
  writer.add(readingEvent({ alarms: [] }, now + 3), now);
  const events = async (): Promise<unknown> =>
    await queryEvents({ folder, battery: BATTERY, from: start, to: start + DAY });
  const expected = [
    { kind: 'state', name: 'lost', reason: 'link_lost' },
    { kind: 'state', name: 'streaming' },
    { kind: 'alarm', name: 'cell_under_voltage' },
  ];
  expect(await events()).toMatchObject(expected);
  await writer[Symbol.asyncDispose]();
  expect(await events()).toMatchObject([...expected, { kind: 'alarmEnded', name: 'cell_under_voltage' }]);
});

test('a journal that ends in a torn block is read up to there, and goes on', async () => {
  const writer = await open();
  await read(writer, start + MINUTE);
  await writer.flush();
  const journal = (await readdir(folder)).find((name) => name.startsWith('journal')) ?? '';
  await writeFile(join(folder, journal), Buffer.from('UBH1 torn'), { flag: 'a' });
  expect(await currents()).toHaveLength(6);
  await read(writer, start + 2 * MINUTE);
  expect(await currents()).toHaveLength(12);
  await writer[Symbol.asyncDispose]();
  expect(await currents()).toHaveLength(12);
});
