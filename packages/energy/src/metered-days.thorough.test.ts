import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatteryModel, defaultSettings, deviceProfiles } from '@ubmsc/simulator';
import { MadeSource } from '@ubmsc/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnergyMeters } from './energy-meters.ts';
import { MeteredSource } from './metered-source.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-energy-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const DAYS = 7;

test(`${DAYS} simulated days: energy and charge are those of the model to 0.5 %`, async () => {
  const settings = defaultSettings(deviceProfiles.JK_BD4A8S4P);
  const model = new BatteryModel({ settings, cells: 8, chemistry: 'LFP' });
  const source = new MadeSource();
  await using meters = await EnergyMeters.open({ folder, wallClock: () => source.wallClock + source.time });
  using metered = new MeteredSource(source, meters);
  const truth = { in: 0, out: 0 };
  const discharged = model.state.cycleCapacity;
  let until = 0;
  for (let second = 0; second < DAYS * 86_400; second++) {
    model.advance(1);
    const { packVoltage, packCurrent } = model.state;
    const energy = packVoltage * packCurrent;
    if (energy > 0) truth.in += energy;
    else truth.out -= energy;
    source.time = second * 1000;
    // Readings come two to four seconds apart, with a pause of ten now and then.
    if (second < until) continue;
    until = second + (second % 97 === 0 ? 10 : 2 + (second % 3));
    source.read({ batteryPower: energy, batteryCurrent: packCurrent });
  }
  await meters.save();
  const energy = metered.statuses[0]?.energy;
  expect(energy?.energyCharged).toBeGreaterThan(1);
  expect(Math.abs((energy?.energyCharged ?? 0) * 3.6e6 - truth.in) / truth.in).toBeLessThan(0.005);
  expect(Math.abs((energy?.energyDischarged ?? 0) * 3.6e6 - truth.out) / truth.out).toBeLessThan(0.005);
  const out = model.state.cycleCapacity - discharged;
  expect(Math.abs((energy?.dischargedCapacity ?? 0) - out) / out).toBeLessThan(0.005);
});
