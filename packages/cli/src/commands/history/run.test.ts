import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HistoryWriter } from '@ubmsc/history';
import { readingWith, statusWith } from '@ubmsc/testing/made-source';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { captureOutput, type Written } from '../../../test/capture-output.ts';
import { run } from '../../main.ts';

const noon = Date.parse('2026-11-29T12:00:00Z');
const HOUR = 3_600_000;

let state = '';
let written: Written;

beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC');
  state = await mkdtemp(join(tmpdir(), 'ubmsc-state-'));
  written = captureOutput();
  vi.spyOn(Date, 'now').mockReturnValue(noon);
});
afterEach(async () => await rm(state, { recursive: true, force: true }));

/** Two hours of a battery that charges 1 kWh in each, with a cell that sags in the first. */
async function keep(): Promise<void> {
  let now = noon - 2 * HOUR;
  const folder = join(state, 'history');
  await using writer = await HistoryWriter.open({ folder, wallClock: () => now });
  for (; now < noon; now += 30_000) {
    const hours = (now - noon + 2 * HOUR) / HOUR;
    const reading = readingWith(
      {
        batteryCurrent: 20,
        cellVoltage: [3.3, now === noon - 1.5 * HOUR ? 2.9 : 3.31],
        deltaCellVoltage: 0.01,
        remainPercent: 50 + Math.floor(hours * 10),
      },
      now,
    );
    const status = statusWith({
      device: 'house',
      reading,
      readingTime: now,
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
    });
    writer.add({ kind: 'reading', time: now, status, reading }, now);
  }
}

test('rows of equal time for people, and a chart', async () => {
  await keep();
  const asked = ['--state', state, '--columns', 'battery_current,remain_percent', '--every', '1h'];
  expect(await run(['history', ...asked])).toBe(0);
  expect(written.stdout).toBe(`C8:47:80:00:00:01
                    Battery current, A  State of charge, %
  2026-11-29 10:00              20.000    54.5 (50.0…59.0)
  2026-11-29 11:00              20.000    64.5 (60.0…69.0)
`);
  written.stdout = '';
  await run(['history', ...asked, '--as', 'chart', '--from', '4h']);
  expect(written.stdout).toContain('State of charge, %  50    ▂▇  69');
});

test('days with energy, extremes and when they were', async () => {
  await keep();
  await run(['history', '--state', state, '--days', '-f', 'json', '--zone', 'Asia/Kathmandu']);
  expect(JSON.parse(written.stdout)).toMatchObject({
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
  expect(JSON.parse(written.stdout)).toMatchObject({
    weeks: [{ week: '2026-11-23', hours: 168, readings: 240, cycle_count: 0, alarms: '' }],
  });
});

test('resistance needs load steps, and ways to print are given one at a time', async () => {
  await keep();
  expect(await run(['history', '--state', state, '--resistance'])).toBe(0);
  expect(written.stdout).toContain('there are not enough load steps');
  expect(await run(['history', '--state', state, '--days', '--weeks'])).toBe(2);
  expect(written.stderr).toContain('--days and --weeks are printed one at a time');
  expect(await run(['history', '--state', state, '--days', '--as', 'parquet'])).toBe(2);
  expect(written.stderr).toContain('--days is a table or JSON');
});

test('people count cells from 1', async () => {
  await keep();
  await run(['history', '--state', state, '--days']);
  expect(written.stdout).toContain('2.900 V #2 10:30');
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
  expect(written.stderr).toContain('name a file with --output');
});

test('damage is named, and the exit code says so', async () => {
  await keep();
  expect(await run(['history', 'verify', '--state', state])).toBe(0);
  expect(written.stdout).toContain('0 damaged');
  const file = join(state, 'history', 'C8-47-80-00-00-01', 'raw-2026-11-29.ubh');
  const bytes = await readFile(file);
  bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
  await writeFile(file, bytes);
  written.stdout = '';
  expect(await run(['history', 'verify', '--state', state])).toBe(2);
  expect(written.stdout).toMatch(/raw-2026-11-29\.ubh: block \d+: \w+ is damaged/);
});

test('where there is no history, and of whom, is said', async () => {
  expect(await run(['history', '--state', state])).toBe(2);
  expect(written.stderr).toContain(`there is no history in ${join(state, 'history')}`);
  await keep();
  expect(await run(['history', 'shed', '--state', state])).toBe(2);
  expect(written.stderr).toContain('there is no history of "shed"; there is that of C8:47:80:00:00:01');
});

test('cells count from 1 in what people read, and from 0 in the names of columns', async () => {
  await keep();
  expect(await run(['history', '--state', state, '--columns', 'cell_voltage_0'])).toBe(0);
  expect(written.stdout).toContain('Cell voltage 1, V');
});

test.each(['verify', 'prune'])('history %s says where there is no history', async (command) => {
  expect(await run(['history', command, '--state', join(state, 'elsewhere')])).toBe(2);
  expect(written.stdout).toBe('');
  expect(written.stderr).toContain(`there is no history in ${join(state, 'elsewhere', 'history')}; `);
});

test.each(['volts', 'cell_voltage', 'battery_current_1', ''])(
  'that there is not a column %j is said',
  async (name) => {
    await keep();
    expect(await run(['history', '--state', state, '--columns', `battery_current,${name}`])).toBe(2);
    expect(written.stdout).toBe('');
    expect(written.stderr).toContain(`the history has no column "${name}"; ubmsc history columns lists`);
  },
);

test.each([
  ['', 'UTC'],
  ['Nowhere/Else', 'UTC'],
  ['GMT+3', 'UTC-03:00'],
])('days are those of the clock where TZ is %j, which does not name a zone', async (name, said) => {
  await keep();
  vi.stubEnv('TZ', name);
  expect(await run(['history', '--days', '--state', state])).toBe(0);
  expect(written.stderr).toBe('');
  expect(written.stdout).toContain(`, days of ${said}\n`);
  expect(written.stdout).toContain('\n  2026-11-29 ');
});

const recording = fileURLToPath(new URL('../../../../../fixtures/jk02-32s-15.41.jsonl', import.meta.url));

test.each([
  'verify',
  'prune --history-days 1',
  'import RECORDING',
  'export FOLDER',
  '--every 1h',
  '--days',
  '--resistance',
  '--events',
])('history %s names a file that cannot be read', async (words) => {
  await keep();
  const battery = join(state, 'history', 'C8-47-80-00-00-01');
  // Root may read every file, but no folder as if it were one.
  const files = [
    'raw-2026-11-01.ubh',
    'raw-2026-11-29.ubh',
    'running-2026-11-28.ubh',
    'running-2026-11-29.ubh',
  ];
  for (const name of [...files, 'events.jsonl', 'resistance.jsonl']) {
    await rm(join(battery, name), { force: true });
    await mkdir(join(battery, name));
  }
  const places: Readonly<Record<string, string>> = { RECORDING: recording, FOLDER: join(state, 'copy') };
  const asked = words.split(' ').map((word) => places[word] ?? word);
  expect(await run(['history', ...asked, '--state', state])).toBe(2);
  expect(`${written.stdout}${written.stderr}`).toMatch(/-01\S*\.(ubh|jsonl):? cannot be (read|removed): /);
  expect(written.stderr).not.toMatch(/ {4}at |Error/);
});

test('a file that cannot be written is named', async () => {
  await keep();
  const nowhere = join(state, 'no', 'such', 'folder.csv');
  for (const asked of [
    ['--as', 'csv', '-o', nowhere],
    ['export', join(state, 'history', 'lock', 'x')],
  ]) {
    written.stderr = '';
    await writeFile(join(state, 'history', 'lock'), '');
    expect(await run(['history', ...asked, '--state', state])).toBe(2);
    expect(written.stderr).toMatch(
      /^ubmsc: \/.* cannot be written: E[A-Z]+: [a-z ]+; name a (place|file) .*\n$/,
    );
  }
});
