import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { times } from '@ubmsc/testing';
import { bundleProgram, linesUntilKilled } from '@ubmsc/testing/killed-program';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EnergyState } from './state-file.ts';

const KILLS = times(4, 50);

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-kills-'));
  program = join(folder, 'metering-process.mjs');
  await bundleProgram(new URL('../test/metering-process.ts', import.meta.url), program);
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** What a metering process has printed until it was killed after this number of lines. */
async function lifeOf(state: string, lines: number): Promise<readonly (readonly number[])[]> {
  const whole = await linesUntilKilled([program, state], (printed, kill) => {
    if (printed.split('\n').length > lines) kill();
  });
  return whole.map((line) => line.split(' ').map(Number));
}

test(`no total falls through ${KILLS} kills`, async () => {
  const state = join(folder, 'state');
  const seen: (readonly number[])[] = [];
  for (let kill = 0; kill < KILLS; kill++) seen.push(...(await lifeOf(state, 3 + ((kill * 7919) % 60))));
  const falls = seen.filter(([energy = 0, charge = 0], index) => {
    const [energyBefore = 0, chargeBefore = 0] = seen[index - 1] ?? [];
    return energy < energyBefore || charge < chargeBefore;
  });
  expect(falls).toEqual([]);
  expect(seen.at(-1)?.[0]).toBeGreaterThan(0);
  // What was told of last is on the disk.
  const account = (await EnergyState.open(state)).accounts.get('A');
  expect(account?.total.energyIn).toBeGreaterThanOrEqual((seen.at(-1)?.[0] ?? Infinity) * 3_600_000 - 18);
});
