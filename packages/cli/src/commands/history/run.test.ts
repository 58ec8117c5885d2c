import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryWriter } from '@ubmsc/history';
import { cellFields, FRAME_LENGTH, sealFrame, toReading } from '@ubmsc/protocol';
import { noCounters, type BatteryStatus } from '@ubmsc/session';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../main.ts';

const noon = Date.parse('2026-11-29T12:00:00Z');
const HOUR = 3_600_000;

let state = '';
let printed = '';
let said = '';

beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC');
  state = await mkdtemp(join(tmpdir(), 'ubmsc-state-'));
  printed = said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
    printed += String(text);
    for (const done of rest) if (typeof done === 'function') done();
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  vi.spyOn(Date, 'now').mockReturnValue(noon);
});
afterEach(async () => await rm(state, { recursive: true, force: true }));

const fields = cellFields(sealFrame('cellData', new Uint8Array(FRAME_LENGTH)), 'jk02-32s');

/** Two hours of a battery that charges 1 kWh in each, with a cell that sags in the first. */
async function keep(): Promise<void> {
  let now = noon - 2 * HOUR;
  const folder = join(state, 'history');
  await using writer = await HistoryWriter.open({ folder, wallClock: () => now });
  for (; now < noon; now += 30_000) {
    const hours = (now - noon + 2 * HOUR) / HOUR;
    const reading = {
      ...toReading(fields, { variant: 'jk02-32s', counter: 0, time: now }),
      batteryCurrent: 20,
      cellVoltage: [3.3, now === noon - 1.5 * HOUR ? 2.9 : 3.31],
      deltaCellVoltage: 0.01,
      remainPercent: 50 + Math.floor(hours * 10),
    };
    const status: BatteryStatus = {
      device: 'house',
      address: 'C8:47:80:00:00:01',
      name: undefined,
      adapter: 'hci0',
      simulated: false,
      state: 'streaming',
      reason: undefined,
      message: undefined,
      since: 0,
      rssi: undefined,
      deviceInfo: undefined,
      reading,
      frame: undefined,
      readingTime: now,
      staleAfter: 10_000,
      counters: noCounters,
      energy: {
        energyCharged: hours,
        energyDischarged: 0,
        chargedCapacity: 0,
        dischargedCapacity: 0,
        energyChargedToday: null,
        energyDischargedToday: null,
        energyChargedMonth: null,
        energyDischargedMonth: null,
        bridgedTime: 0,
        unmeteredTime: 0,
      },
    };
    writer.add({ kind: 'reading', time: now, status, reading }, now);
  }
}

test('rows of equal time for people, and a chart', async () => {
  await keep();
  const asked = ['--state', state, '--columns', 'battery_current,remain_percent', '--every', '1h'];
  expect(await run(['history', ...asked])).toBe(0);
  expect(printed).toBe(`C8:47:80:00:00:01
                    Battery current, A  State of charge, %
  2026-11-29 10:00              20.000    54.5 (50.0…59.0)
  2026-11-29 11:00              20.000    64.5 (60.0…69.0)
`);
  printed = '';
  await run(['history', ...asked, '--as', 'chart', '--from', '4h']);
  expect(printed).toContain('State of charge, %  50    ▂▇  69');
});

test('days with energy, extremes and when they were', async () => {
  await keep();
  await run(['history', '--state', state, '--days', '-f', 'json', '--zone', 'Asia/Kathmandu']);
  expect(JSON.parse(printed)).toMatchObject({
    days: [
      {
        day: '2026-11-29',
        zone: 'Asia/Kathmandu',
        hours: 24,
        readings: 240,
        lowest_cell_voltage: 2.9,
        lowest_cell: 1,
        remain_percent_min: 50,
        remain_percent_max: 69,
        energy_charged: expect.closeTo(2, 1),
      },
    ],
  });
});

test('weeks begin on Monday', async () => {
  await keep();
  await run(['history', '--state', state, '--weeks', '-f', 'json', '--zone', 'Europe/Berlin']);
  expect(JSON.parse(printed)).toMatchObject({
    weeks: [{ week: '2026-11-23', hours: 168, readings: 240, cycle_count: 0, alarms: '' }],
  });
});

test('resistance needs load steps, and ways to print are given one at a time', async () => {
  await keep();
  expect(await run(['history', '--state', state, '--resistance'])).toBe(0);
  expect(printed).toContain('there are not enough load steps');
  expect(await run(['history', '--state', state, '--days', '--weeks'])).toBe(2);
  expect(said).toContain('--days and --weeks are printed one at a time');
  expect(await run(['history', '--state', state, '--days', '--as', 'parquet'])).toBe(2);
  expect(said).toContain('--days is a table or JSON');
});

test('people count cells from 1', async () => {
  await keep();
  await run(['history', '--state', state, '--days']);
  expect(printed).toContain('2.900 V #2 10:30');
});

test('CSV and Parquet go to files, and Parquet not to a terminal', async () => {
  await keep();
  const csv = join(state, 'house.csv');
  const asked = ['--state', state, '--columns', 'battery_current', '--every', '1h', '--as'];
  await run(['history', ...asked, 'csv', '-o', csv]);
  expect(await readFile(csv, 'utf8')).toBe(
    'time,battery_current,battery_current_min,battery_current_max\r\n' +
      '2026-11-29T10:00:00.000Z,20,20,20\r\n2026-11-29T11:00:00.000Z,20,20,20\r\n',
  );
  expect(await run(['history', ...asked, 'parquet'])).toBe(2);
  expect(said).toContain('name a file with --output');
});

test('damage is named, and the exit code says so', async () => {
  await keep();
  expect(await run(['history', 'verify', '--state', state])).toBe(0);
  expect(printed).toContain('0 damaged');
  const file = join(state, 'history', 'C8-47-80-00-00-01', 'raw-2026-11-29.ubh');
  const bytes = await readFile(file);
  bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
  await writeFile(file, bytes);
  printed = '';
  expect(await run(['history', 'verify', '--state', state])).toBe(2);
  expect(printed).toMatch(/raw-2026-11-29\.ubh: block \d+: \w+ is damaged/);
});

test('where there is no history, and of whom, is said', async () => {
  expect(await run(['history', '--state', state])).toBe(2);
  expect(said).toContain(`there is no history in ${join(state, 'history')}`);
  await keep();
  expect(await run(['history', 'shed', '--state', state])).toBe(2);
  expect(said).toContain('there is no history of "shed"; there is that of C8:47:80:00:00:01');
});
