import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MadeSource } from '@ubmsc/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnergyMeters } from './energy-meters.ts';
import { MeteredSource } from './metered-source.ts';

let folder = '';
let isMounted = false;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ubmsc-energy-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    isMounted = false;
  }
});

afterEach(() => {
  if (isMounted) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
});

/** Ten seconds with 3600 W: 0.01 kWh. */
function charge(source: MadeSource): void {
  source.read({ batteryPower: 3600, batteryCurrent: 72 });
  source.time += 10_000;
  source.read({ batteryPower: 3600, batteryCurrent: 72 });
}

test('on a full disk totals stand still and say why; when there is room they have all of it', async ({
  skip,
}) => {
  if (!isMounted) skip('only root may mount a small file system');
  const source = new MadeSource();
  await using meters = await EnergyMeters.open({ folder });
  using metered = new MeteredSource(source, meters);
  const charged = (): number | null | undefined => metered.statuses[0]?.energy?.energyCharged;
  charge(source);
  await meters.save();
  expect([charged(), meters.problem]).toEqual([0.01, undefined]);
  const filler = join(folder, 'filler');
  try {
    writeFileSync(filler, new Uint8Array(100_000));
  } catch {
    // It has filled the disk.
  }
  charge(source);
  await meters.save();
  expect(charged()).toBe(0.01);
  expect(meters.problem).toMatch(
    /^energy totals stand still: .*energy\.json cannot be written: ENOSPC: [a-z ]+$/,
  );
  rmSync(filler);
  await meters.save();
  expect([charged(), meters.problem]).toEqual([0.02, undefined]);
});

test('on a disk that becomes read-only totals stand still, and never fall after', async ({ skip }) => {
  if (!isMounted) skip('only root may mount a small file system');
  const source = new MadeSource();
  {
    await using meters = await EnergyMeters.open({ folder });
    using metered = new MeteredSource(source, meters);
    charge(source);
    await meters.save();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    charge(source);
    await meters.save();
    expect(metered.statuses[0]?.energy?.energyCharged).toBe(0.01);
    expect(meters.problem).toContain('EROFS');
    execFileSync('mount', ['-o', 'remount,rw', folder]);
  }
  await using again = await EnergyMeters.open({ folder });
  expect(again.totals('C8-47-80-00-00-01')?.energyCharged).toBe(0.02);
});
