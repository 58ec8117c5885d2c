import { AdapterError } from '@ubmsc/session';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockAdapter } from './adapter-lock.ts';

/** A path that only this test has. */
async function placeOf(name: string): Promise<{ readonly path: string; readonly isFile: true }> {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-lock-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  return { path: join(folder, name), isFile: true };
}

const mayHold = async (): Promise<boolean> => true;

test('an adapter that a process holds is refused to another, with a sentence that says who holds it', async () => {
  const place = await placeOf('hci0');
  await using lock = await lockAdapter('hci0', { place });
  const error: unknown = await lockAdapter('hci0', { place, mayHold }).catch((reason: unknown) => reason);
  expect(lock).toBeDefined();
  expect(error).toBeInstanceOf(AdapterError);
  expect(error).toMatchObject({
    message: expect.stringMatching(new RegExp(`^hci0 is held by process ${process.pid}\\b`)),
    reason: 'adapterBusy',
  });
});

test('other adapters stay free', async () => {
  await using zero = await lockAdapter('hci0', { place: await placeOf('hci0'), mayHold });
  await using one = await lockAdapter('hci1', { place: await placeOf('hci1'), mayHold });
  expect([zero, one]).not.toContain(undefined);
});

test('a process that may not use controllers cannot hold one', async () => {
  const place = await placeOf('hci0');
  await using planted = await lockAdapter('hci0', { place });
  await using lock = await lockAdapter('hci0', { place, mayHold: async () => false });
  expect([planted, lock]).not.toContain(undefined);
});

test('where no lock can be taken, reading goes on without one', async () => {
  const { path } = await placeOf('file');
  await writeFile(path, '');
  await using lock = await lockAdapter('hci0', {
    place: { path: join(path, 'hci0'), isFile: true },
    mayHold,
  });
  expect(lock).toBeDefined();
});
