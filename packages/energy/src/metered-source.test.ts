import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnergyMeters } from './energy-meters.ts';
import { MeteredSource } from './metered-source.ts';
import { MadeSource } from '@ubmsc/testing';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-energy-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test('totals are shown when they are on the disk, and go on after a restart', async () => {
  const source = new MadeSource();
  {
    await using meters = await EnergyMeters.open({ folder });
    using metered = new MeteredSource(source, meters);
    source.know({});
    expect(metered.statuses[0]?.energy).toBeUndefined();
    source.read({ batteryPower: 3600, batteryCurrent: 72 });
    source.time = 10_000;
    source.read({ batteryPower: 3600, batteryCurrent: 72 });
    await meters.save();
    expect(metered.statuses[0]?.energy).toMatchObject({ energyCharged: 0.01, chargedCapacity: 0.2 });
    source.time = 20_000;
    source.read({ batteryPower: 3600, batteryCurrent: 72 });
    expect(metered.statuses[0]?.energy?.energyCharged).toBe(0.01);
  }
  await using meters = await EnergyMeters.open({ folder });
  using metered = new MeteredSource(source, meters);
  expect(metered.statuses[0]?.energy?.energyCharged).toBe(0.02);
  // The time between the two processes is nobody's.
  source.time = 30_000;
  source.read({ batteryPower: 3600, batteryCurrent: 72 });
  await meters.save();
  expect(metered.statuses[0]?.energy?.energyCharged).toBe(0.02);
});

test('each battery has totals of its own, a simulated one is never added to a real one', async () => {
  const source = new MadeSource();
  await using meters = await EnergyMeters.open({ folder });
  using metered = new MeteredSource(source, meters);
  for (source.time = 0; source.time <= 10_000; source.time += 5000) {
    source.read({ batteryPower: 360, batteryCurrent: 1 }, { device: 'A' });
    source.read({ batteryPower: -720, batteryCurrent: -2 }, { device: 'B', address: 'C8:47:80:00:00:02' });
    source.read({ batteryPower: 36_000, batteryCurrent: 100 }, { device: 'S', simulated: true });
  }
  await meters.save();
  const energies = metered.statuses.map(({ energy }) => [energy?.energyCharged, energy?.energyDischarged]);
  expect(energies).toEqual([
    [0.001, 0],
    [0, 0.002],
    [0.1, 0],
  ]);
});

test('readings in doubt, without a current, and those that come late, add nothing', async () => {
  const source = new MadeSource();
  await using meters = await EnergyMeters.open({ folder });
  using metered = new MeteredSource(source, meters);
  const read = (time: number, power: number | null): void => {
    source.time = time;
    source.read({ batteryPower: power, batteryCurrent: power });
  };
  read(0, 360);
  read(2000, null);
  source.time = 3000;
  source.read({ batteryPower: 1e6, batteryCurrent: 1e6, doubt: 'slots' });
  read(5000, 360);
  read(4000, 1e6);
  read(10_000, 360);
  await meters.save();
  expect(metered.statuses[0]?.energy?.energyCharged).toBe(0.001);
  expect(metered.statuses[0]?.energy?.bridgedTime).toBe(0);
});

test('a second process adds up nothing in the same folder, until the first has ended', async () => {
  {
    await using meters = await EnergyMeters.open({ folder });
    await meters.save();
    await expect(EnergyMeters.open({ folder })).rejects.toThrow('is used by another process');
  }
  await using again = await EnergyMeters.open({ folder });
  await again.save();
});

test('events have the totals, too', async () => {
  const source = new MadeSource();
  await using meters = await EnergyMeters.open({ folder });
  using metered = new MeteredSource(source, meters);
  source.read({ batteryPower: 360, batteryCurrent: 1 });
  await meters.save();
  const seen: unknown[] = [];
  metered.observe(({ status }) => seen.push(status.energy?.energyCharged));
  source.read({ batteryPower: 360, batteryCurrent: 1 });
  source.move({ state: 'lost' });
  expect(seen).toEqual([0, 0]);
});

test('what cannot be written is not shown, and is written when it can be', async () => {
  const source = new MadeSource();
  const state = join(folder, 'state');
  await using meters = await EnergyMeters.open({ folder: state });
  using metered = new MeteredSource(source, meters);
  await rm(state, { recursive: true });
  for (source.time = 0; source.time <= 10_000; source.time += 5000)
    source.read({ batteryPower: 360, batteryCurrent: 1 });
  await meters.save();
  expect(metered.statuses[0]?.energy).toBeUndefined();
  await mkdir(state);
  await meters.save();
  expect(metered.statuses[0]?.energy?.energyCharged).toBe(0.001);
});
