import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { isHolder, takeLock, tryLock, type LockOptions, type LockPlace } from './lock.ts';

let folder: string;
let name: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-lock-'));
  name = folder.split('/').at(-1) ?? '';
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const places: Readonly<Record<string, () => LockPlace>> = {
  'an abstract socket': () => ({ path: `\0ubmsc/${name}`, isFile: false }),
  'a socket file': () => ({ path: join(folder, 'lock'), isFile: true }),
};
const usable = Object.entries(places).filter(
  ([kind]) => process.platform === 'linux' || kind !== 'an abstract socket',
);

/** Takes a lock that is free, until the test is over. */
async function taken(options: LockOptions): Promise<AsyncDisposable> {
  const lock = await takeLock(name, options);
  if (isHolder(lock)) throw new Error(`it is held by ${lock.pid}`);
  onTestFinished(async () => await lock[Symbol.asyncDispose]());
  return lock;
}

/** Another process that listens at a path and answers so. */
async function squatter(path: string, answer: string): Promise<ChildProcess> {
  const script = `
    const [path, answer] = JSON.parse(process.argv[1]);
    require('node:net').createServer((socket) => socket.end(answer)).listen(path, () => console.log('listening'));
  `;
  const child = spawn(process.execPath, ['-e', script, JSON.stringify([path, answer])]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe.each(usable)('a lock that is %s', (_, makePlace) => {
  test('is refused to others, and says which process holds it', async () => {
    const place = makePlace();
    await taken({ place });
    const refused = await takeLock(name, { place });
    expect(refused).toEqual({ pid: process.pid, command: expect.any(String) });
  });

  test('is free when it is let go', async () => {
    const place = makePlace();
    const lock = await taken({ place });
    await lock[Symbol.asyncDispose]();
    await lock[Symbol.asyncDispose]();
    await taken({ place });
  });

  test('is free when its process was killed', async () => {
    const place = makePlace();
    const child = await squatter(place.path, JSON.stringify({ pid: 1, command: 'x' }));
    expect(isHolder(await takeLock(name, { place }))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await taken({ place });
  });

  test('of a process without the right to it is not respected', async () => {
    const place = makePlace();
    const child = await squatter(place.path, JSON.stringify({ pid: process.pid, command: 'ubmsc export' }));
    await taken({ place, mayHold: async (pid) => pid !== child.pid && pid !== process.pid });
  });

  test.each(['', 'no JSON', '{}', '{"pid":"71"}', 'null', 'x'.repeat(100_000)])(
    'is held by somebody who answers %.20j, too',
    async (answer) => {
      const place = makePlace();
      await squatter(place.path, answer);
      expect(isHolder(await takeLock(name, { place }))).toBe(true);
    },
  );

  test('cannot bring control characters of its holder to the terminal', async () => {
    const place = makePlace();
    const lied = JSON.stringify({ pid: process.pid, command: '\u{1b}[2Jevil' });
    const server = createServer((socket) => socket.end(lied));
    onTestFinished(() => void server.close());
    server.listen(place.path);
    await once(server, 'listening');
    expect(await takeLock(name, { place })).toEqual({ pid: process.pid, command: '?[2Jevil' });
  });
});

test('a file that nobody listens to is not a lock', async () => {
  const path = join(folder, 'lock');
  await writeFile(path, '{"pid":1,"command":"x"}\n');
  await taken({ place: { path, isFile: true } });
});

test('a lock that is tried is refused while it is held, without asking its holder', async () => {
  const lock = await tryLock(name);
  onTestFinished(async () => await lock?.[Symbol.asyncDispose]());
  expect(lock).toBeDefined();
  expect(await tryLock(name)).toBeUndefined();
  expect(isHolder(await takeLock(name))).toBe(true);
  await lock?.[Symbol.asyncDispose]();
  await using again = await tryLock(name);
  expect(again).toBeDefined();
});
