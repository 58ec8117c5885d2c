import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnergyMeters } from './energy-meters.ts';
import { KeptTotals } from './kept-totals.ts';

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'ubmsc-energy-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test('totals that a service adds up are read while it runs, and are as it shows them', async () => {
  await using meters = await EnergyMeters.open({ folder });
  const battery = { key: 'A', name: 'VAN' };
  const now = Date.now();
  meters.add(battery, { time: 0, power: 100, current: 2 }, now);
  meters.add(battery, { time: 1000, power: 100, current: 2 }, now + 1000);
  await meters.save();
  await using kept = await KeptTotals.open(folder);
  expect(kept.totals('A')?.energyCharged).toBeGreaterThan(0);
  expect(kept.totals('A')?.energyCharged).toBe(meters.totals('A')?.energyCharged);
  expect(kept.totals('B')).toBeUndefined();
});

test('a folder without totals has none', async () => {
  await using kept = await KeptTotals.open(join(folder, 'missing'));
  expect(kept.totals('A')).toBeUndefined();
});

test('what a run had begun to write when it was killed is removed by the next', async () => {
  await writeFile(join(folder, '.energy.json.0123456789abcdef.new'), 'ubmsc-en');
  await using meters = await EnergyMeters.open({ folder });
  await meters.save();
  expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
});
