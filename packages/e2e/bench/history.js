// What the history takes: to write, on the disk, and to read a year of it.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryWriter, query } from '@ubmsc/history';
import { readingEvent } from './made-readings.js';
import { measure, printTable, showProgress, spread } from './measure.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);

/** Readings a minute of the year that is read, so that minutes have a range. */
const PER_MINUTE = 2;

/** @param {string} folder @returns {number} bytes */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, String(name))));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

/**
 * Writes readings of some batteries. The daemon writes each minute.
 *
 * @param {string} folder
 * @param {{ batteries: number, days: number, perMinute: number, everyMinutes: number }} amount
 * @returns {Promise<number>} seconds of the processor in the writer
 */
async function write(folder, { batteries, days, perMinute, everyMinutes }) {
  let now = START;
  let spent = 0;
  const timed = async (/** @type {() => unknown} */ work) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    spent += (user + system) / 1e6;
  };
  const writer = await HistoryWriter.open({ folder, wallClock: () => now, isImport: true });
  for (let minute = 0; minute < days * 1440; minute++) {
    const events = Array.from({ length: batteries * perMinute }, (_, index) =>
      readingEvent(1 + (index % batteries), now + Math.floor(index / batteries) * (MINUTE / perMinute)),
    );
    now += MINUTE;
    await timed(async () => {
      for (const event of events) writer.add(event, event.time);
      if (minute % everyMinutes === 0) await writer.flush();
    });
    if (minute % 1440 === 0) showProgress(`History: day ${minute / 1440} of ${days}`);
  }
  await timed(async () => await writer[Symbol.asyncDispose]());
  showProgress('');
  return spent;
}

/** @param {string} folder @param {Omit<import('@ubmsc/history').Query, 'folder' | 'battery'>} asked */
async function time(folder, asked) {
  const begin = performance.now();
  await query({ folder, battery: 'C8-47-80-00-00-01', ...asked });
  return performance.now() - begin;
}

/** What the graphs of the page ask for. */
const graphs = [
  'remain_percent',
  'battery_power',
  'lowest_cell_voltage',
  'highest_cell_voltage',
  'delta_cell_voltage',
  'battery_temperature_0',
];

/** Prints what it takes to keep and to read a history. */
export async function benchmarkHistory() {
  const folder = mkdtempSync(join(tmpdir(), 'ubmsc-history-'));
  try {
    const raw = join(folder, 'raw');
    const written = { batteries: 3, days: 1, perMinute: 120, everyMinutes: 1 };
    const seconds = await write(raw, written);
    const size = sizeOf(raw) / written.batteries / 1e6;
    console.log('A day of 3 batteries, 2 readings a second each, written to the history');
    console.log(`  ${((seconds / 86_400) * 100).toFixed(2)} % of a core; ${size.toFixed(2)} MB a battery\n`);

    const year = join(folder, 'year');
    await write(year, { batteries: 1, days: 365, perMinute: PER_MINUTE, everyMinutes: 60 });
    const to = START + 365 * DAY;
    const samples = await measure('Reading the history', 7, {
      minutes: async () => await time(year, { columns: ['battery_voltage'], from: START, to, every: MINUTE }),
      year: async () => await time(year, { columns: graphs, from: START, to, points: 1000 }),
      fine: async () => await time(year, { columns: graphs, from: START, to, points: 8000 }),
      month: async () =>
        await time(year, { columns: graphs, from: START + 90 * DAY, to: START + 121 * DAY, points: 1000 }),
      week: async () =>
        await time(year, { columns: graphs, from: START + 90 * DAY, to: START + 97 * DAY, points: 2000 }),
      day: async () =>
        await time(year, { columns: graphs, from: START + 90 * DAY, to: START + 91 * DAY, points: 2000 }),
    });
    const { minutes, year: whole, fine, month, week, day } = samples;
    console.log(`Reading a year of a battery, ${(sizeOf(year) / 1e6).toFixed(1)} MB`);
    printTable(
      ['', 'ms'],
      [
        ['one column of the year, each minute', spread(minutes, 0)],
        ['graphs of the page, year, 1000 points', spread(whole, 0)],
        ['  year, 8000 points', spread(fine, 0)],
        ['  a month in it', spread(month, 0)],
        ['  a week in it', spread(week, 0)],
        ['  a day in it', spread(day, 0)],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
