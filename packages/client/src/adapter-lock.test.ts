import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterError } from '@ubmsc/session';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { lockAdapter } from './adapter-lock.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Takes a lock until the test is over. */
async function held(...[title, options]: Parameters<typeof lockAdapter>): Promise<void> {
  const lock = await lockAdapter(title, options);
  onTestFinished(async () => await lock[Symbol.asyncDispose]());
}

const everybodyRuns = (): boolean => true;
const nobodyRuns = (): boolean => false;

async function refusal(work: Promise<AsyncDisposable>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('an adapter that a process holds', () => {
  test('is refused to another, with a sentence that says who holds it', async () => {
    await held('hci0', { folder, pid: 71, isRunning: everybodyRuns });
    const error = await refusal(lockAdapter('hci0', { folder, pid: 72, isRunning: everybodyRuns }));
    expect(error).toBeInstanceOf(AdapterError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^hci0 is held by process 71/),
      reason: 'adapterBusy',
    });
  });

  test('leaves other adapters free', async () => {
    await held('hci0', { folder, pid: 71, isRunning: everybodyRuns });
    await held('hci1', { folder, pid: 72, isRunning: everybodyRuns });
    expect((await readdir(folder)).toSorted()).toEqual(['hci0.lock', 'hci1.lock']);
  });

  test('is free when it lets go', async () => {
    const first = await lockAdapter('hci0', { folder, pid: 71, isRunning: everybodyRuns });
    await first[Symbol.asyncDispose]();
    await held('hci0', { folder, pid: 72, isRunning: everybodyRuns });
    expect(await readFile(join(folder, 'hci0.lock'), 'utf8')).toContain('"pid":72');
  });
});

test('the lock of a process that has ended counts for nothing', async () => {
  await lockAdapter('hci0', { folder, pid: 71, isRunning: everybodyRuns });
  await held('hci0', { folder, pid: 72, isRunning: nobodyRuns });
  expect(await readFile(join(folder, 'hci0.lock'), 'utf8')).toContain('"pid":72');
});

test.each(['', 'no JSON', '{}', '{"pid":"71"}', '{"pid":-1}', '{"pid":1.5}', 'null'])(
  'a lock file that holds %j counts for nothing',
  async (content) => {
    await writeFile(join(folder, 'hci0.lock'), content);
    await held('hci0', { folder, pid: 72, isRunning: everybodyRuns });
    expect(await readFile(join(folder, 'hci0.lock'), 'utf8')).toContain('"pid":72');
  },
);

test('a command in a lock file cannot reach the terminal with control characters', async () => {
  await writeFile(join(folder, 'hci0.lock'), JSON.stringify({ pid: 71, command: '\u{1b}[2Jevil' }));
  const error = await refusal(lockAdapter('hci0', { folder, pid: 72, isRunning: everybodyRuns }));
  expect(error).toMatchObject({ message: 'hci0 is held by process 71 (?[2Jevil)' });
});

test('a process that lets go does not take away the lock of another', async () => {
  const first = await lockAdapter('hci0', { folder, pid: 71, isRunning: everybodyRuns });
  await held('hci0', { folder, pid: 72, isRunning: nobodyRuns });
  await first[Symbol.asyncDispose]();
  expect(await readFile(join(folder, 'hci0.lock'), 'utf8')).toContain('"pid":72');
});

test('where no lock can be written, reading goes on without one', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await using lock = await lockAdapter('hci0', { folder: file, pid: 71, isRunning: everybodyRuns });
  expect(lock).toBeDefined();
});
