import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { times } from '@ubmsc/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EnergyState } from './state-file.ts';

const KILLS = times(8, 50);

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-kills-'));
  program = join(folder, 'metering-process.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../test/metering-process.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@ubmsc/source'],
    outfile: program,
  });
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** What a metering process has printed until it was killed after this number of lines. */
async function lifeOf(state: string, lines: number): Promise<readonly (readonly number[])[]> {
  const child = spawn(process.execPath, [program, state], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const whole = printed.slice(0, printed.lastIndexOf('\n')).split('\n');
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
