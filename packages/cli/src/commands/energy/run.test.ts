import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnergyMeters } from '@ubmsc/energy';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { captureOutput, type Written } from '../../../test/capture-output.ts';
import { run } from '../../main.ts';

const noon = Date.parse('2026-11-29T12:00:00Z');

let state = '';
let written: Written;
const zone = process.env['TZ'];

beforeEach(async () => {
  process.env['TZ'] = 'UTC';
  state = await mkdtemp(join(tmpdir(), 'ubmsc-state-'));
  written = captureOutput();
  vi.spyOn(Date, 'now').mockReturnValue(noon);
});
afterEach(async () => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
  await rm(state, { recursive: true, force: true });
});

/** An hour of 3.6 kW on each of two days. */
async function meter(): Promise<void> {
  await using meters = await EnergyMeters.open({ folder: join(state, 'energy') });
  for (const [key, name, sign] of [
    ['C8-47-80-00-00-01', 'house', 1],
    ['simulated-C8-47-80-00-00-02', 'toy', -1],
  ] as const) {
    for (const day of [0, 1]) {
      for (let second = 0; second <= 3600; second += 10) {
        const time = (day * 86_400 + second) * 1000;
        meters.add({ key, name }, { time, power: sign * 3600, current: sign * 72 }, noon - 86_400_000 + time);
      }
    }
  }
}

test('totals, days and months for people', async () => {
  await meter();
  expect(await run(['energy', 'house', '--state', state])).toBe(0);
  expect(written.stdout).toBe(`house (C8:47:80:00:00:01), days of UTC
              Energy charged, kWh  Energy discharged, kWh  Charge in, A·h  Charge out, A·h
  2026-11-28                  3.6                       0              72                0
  2026-11-29                  3.6                       0              72                0
     2026-11                  7.2                       0             144                0
       total                  7.2                       0             144                0
`);
});

test('the same for programs, in the words of the vocabulary', async () => {
  await meter();
  await run(['energy', '--state', state, '-f', 'json', '--days', '1']);
  const document: unknown = JSON.parse(written.stdout);
  expect(document).toMatchObject({
    energy: [
      {
        device: 'house',
        address: 'C8:47:80:00:00:01',
        zone: 'UTC',
        energy_charged: 7.2,
        energy_charged_today: 3.6,
      },
      { device: 'toy', simulated: true, energy_discharged: 7.2, discharged_capacity: 144 },
    ],
    energy_days: [
      { device: 'house', day: '2026-11-29' },
      { device: 'toy', day: '2026-11-29' },
    ],
    energy_months: [{ device: 'house', month: '2026-11', energy_charged: 7.2 }, { device: 'toy' }],
  });
});

test('an address names a battery however it is written', async () => {
  await meter();
  expect(await run(['energy', 'c8:47:80:00:00:01', '--state', state])).toBe(0);
  expect(written.stdout).toContain('house (C8:47:80:00:00:01)');
  expect(written.stdout).not.toContain('toy');
});

test('where nothing was added up, and of whom, is said', async () => {
  expect(await run(['energy', '--state', state])).toBe(2);
  expect(written.stderr).toContain(`no energy was added up in ${state}; ubmsc export adds it up`);
  await meter();
  written.stderr = '';
  expect(await run(['energy', 'shed', '--state', state])).toBe(2);
  expect(written.stderr).toContain('no energy of "shed" was added up; there is that of house, toy');
});

test('a file that cannot be read is named in a sentence, with what to do', async () => {
  const file = join(state, 'energy', 'energy.json');
  await mkdir(file, { recursive: true });
  expect(await run(['energy', '--state', state])).toBe(2);
  expect(written.stderr).toBe(
    `ubmsc: ${file} cannot be read: EISDIR: illegal operation on a directory; move it away, and put back a backup if there is one\n`,
  );
});
