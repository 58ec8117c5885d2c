import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyAccount, type Account } from './account.ts';
import { EnergyMeters } from './energy-meters.ts';
import { EnergyState, EnergyStateError } from './state-file.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-energy-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const sums = { energyIn: 3_600_000.125, energyOut: 1, chargeIn: 2, chargeOut: 3.5 };
const account: Account = {
  ...emptyAccount,
  total: sums,
  bridged: 12.5,
  days: { '2026-11-29': sums },
  months: { '2026-11': sums },
};
const files = (): readonly string[] => ['energy.json', 'energy.copy.json'].map((name) => join(folder, name));

test('what was written is read', async () => {
  const state = await EnergyState.open(folder);
  expect(state.accounts.size).toBe(0);
  await state.write(new Map([['C8-47-80-00-00-01', account]]));
  await state.write(new Map([['C8-47-80-00-00-01', { ...account, unmetered: 5 }]]));
  const again = await EnergyState.open(folder);
  expect([...again.accounts]).toEqual([['C8-47-80-00-00-01', { ...account, unmetered: 5 }]]);
  expect((await readdir(folder)).toSorted()).toEqual(['energy.copy.json', 'energy.json']);
});

test('whatever happens to one copy, the other is read', async () => {
  const state = await EnergyState.open(folder);
  await state.write(new Map([['A', account]]));
  const content = await readFile(files()[0] ?? '');
  const damage = fc.oneof(
    fc
      .tuple(fc.nat(content.length - 1), fc.nat(7))
      .map(([at, bit]) => content.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte))),
    fc.nat(content.length - 1).map((length) => content.subarray(0, length)),
    fc.uint8Array({ maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(damage, fc.boolean(), async (bytes, isFirst) => {
      const [damaged = '', intact = ''] = isFirst ? files() : files().toReversed();
      await writeFile(damaged, bytes);
      await writeFile(intact, content);
      const read = await EnergyState.open(folder);
      expect([...read.accounts]).toEqual([['A', account]]);
      expect(read.damaged).toBe(damaged);
    }),
    { numRuns: 200 },
  );
});

test('the later one of two copies counts', async () => {
  const state = await EnergyState.open(folder);
  await state.write(new Map([['A', account]]));
  const earlier = await readFile(files()[1] ?? '');
  await state.write(new Map([['A', { ...account, bridged: 99 }]]));
  await writeFile(files()[1] ?? '', earlier);
  expect((await EnergyState.open(folder)).accounts.get('A')?.bridged).toBe(99);
});

test('when both copies are damaged nothing begins at 0 by itself', async () => {
  const state = await EnergyState.open(folder);
  await state.write(new Map([['A', account]]));
  for (const file of files()) await writeFile(file, 'nothing');
  await expect(EnergyState.open(folder)).rejects.toThrow(EnergyStateError);
  await rm(files()[0] ?? '');
  await expect(EnergyState.open(folder)).rejects.toThrow('damaged');
});

test('a copy that cannot be read or written is named, with what to do', async () => {
  const state = await EnergyState.open(folder);
  const [file = ''] = files();
  await mkdir(file);
  await expect(EnergyState.open(folder)).rejects.toMatchObject({
    name: 'EnergyStateError',
    message: `${file} cannot be read: EISDIR: illegal operation on a directory`,
    hint: 'move it away, and put back a backup if there is one',
  });
  await expect(state.write(new Map([['A', account]]))).rejects.toMatchObject({
    message: `${file} cannot be written: ${file} is not a regular file`,
  });
});

test('a folder that cannot be made is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(EnergyMeters.open({ folder: join(file, 'energy') })).rejects.toMatchObject({
    name: 'EnergyStateError',
    message: `${join(file, 'energy')} cannot be written: ENOTDIR: not a directory`,
  });
});
