import { spawnSync } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PushQueue, type QueueOptions } from './push-queue.ts';
import { compressed, decompressed } from './samples.ts';

const log = vi.fn();
let root = '';
let folder = '';

beforeEach(async () => {
  log.mockReset();
  root = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  folder = join(root, 'buffer');
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const openQueue = async (options: Partial<QueueOptions> = {}): Promise<PushQueue> =>
  await PushQueue.open({ log, ...options });

const add = async (queue: PushQueue, text: string): Promise<void> =>
  await queue.add(Number(text), 10, await compressed(text));

/** The texts that wait, oldest first. */
async function texts(queue: PushQueue): Promise<string[]> {
  const entries = await queue.next(1000, Infinity);
  return await Promise.all(entries.map(async ({ body }) => (await decompressed(body)).toString()));
}

describe.each([
  ['in memory', false],
  ['on disk', true],
])('a queue %s', (_, onDisk) => {
  const options = (): Partial<QueueOptions> => (onDisk ? { folder } : {});

  test('gives what was added in its order, until it is settled', async () => {
    const queue = await openQueue(options());
    for (const text of ['1', '2', '3']) await add(queue, text);
    expect([await texts(queue), queue.samples, queue.oldest]).toEqual([['1', '2', '3'], 30, 1]);
    const [first] = await queue.next(1, Infinity);
    await queue.settle(first?.id ?? 0);
    expect([await texts(queue), queue.samples, queue.oldest]).toEqual([['2', '3'], 20, 2]);
    await queue.settle(3, 'refused');
    expect([queue.samples, queue.oldest, queue.dropped.refused]).toEqual([0, undefined, 20]);
    await queue.close();
  });

  test('gives batches that are no larger than asked for, but never none', async () => {
    const queue = await openQueue(options());
    for (const text of ['1', '2', '3']) await add(queue, text);
    const size = (await compressed('1')).length;
    expect(await queue.next(2, Infinity)).toHaveLength(2);
    expect(await queue.next(3, 2 * size)).toHaveLength(2);
    expect(await queue.next(3, 1)).toHaveLength(1);
    await queue.close();
  });

  test('keeps the latest alone where only that counts', async () => {
    const queue = await openQueue({ ...options(), latestOnly: true });
    for (const text of ['1', '2', '3']) await add(queue, text);
    expect([await texts(queue), queue.dropped.replaced]).toEqual([['3'], 20]);
    await queue.close();
  });
});

test('a queue in memory that is full loses the oldest, and counts them', async () => {
  const size = (await compressed('1')).length;
  const queue = await openQueue({ limits: { memory: 2 * size, disk: 0 } });
  for (const text of ['1', '2', '3', '4']) await add(queue, text);
  expect([await texts(queue), queue.dropped.overflow]).toEqual([['3', '4'], 20]);
});

describe('on disk', () => {
  test('what waits outlives the process', async () => {
    const queue = await openQueue({ folder });
    for (const text of ['1', '2', '3']) await add(queue, text);
    await queue.settle(1);
    await queue.close();
    const next = await openQueue({ folder });
    expect([await texts(next), next.samples]).toEqual([['2', '3'], 20]);
    await add(next, '4');
    expect(await texts(next)).toEqual(['2', '3', '4']);
    await next.close();
  });

  test('it is bounded: the oldest files go', async () => {
    const queue = await openQueue({ folder, limits: { memory: 0, disk: 2_500_000 } });
    const body = Buffer.alloc(700_000);
    for (let time = 1; time <= 10; time++) await queue.add(time, 10, body);
    const left = queue.samples / 10;
    expect([queue.dropped.overflow, queue.oldest]).toEqual([100 - queue.samples, 11 - left]);
    const sizes = await Promise.all(
      (await readdir(folder))
        .filter((name) => name.endsWith('.jsonl'))
        .map(async (name) => (await readFile(join(folder, name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500_000);
    await queue.close();
  });

  test('an entry that was damaged there is left out, and counted', async () => {
    const queue = await openQueue({ folder });
    for (const text of ['1', '2', '3']) await add(queue, text);
    await queue.close();
    const file = join(folder, '000000000001.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    // The last characters are those of the checksum of gzip.
    lines[1] = (lines[1] ?? '').replace(/"body":"(.*).{8}"/, '"body":"$1AAAAAAA="');
    await writeFile(file, lines.join('\n'));
    const next = await openQueue({ folder });
    expect([await texts(next), next.dropped.damaged]).toEqual([['1', '3'], 10]);
    await next.close();
  });

  test('lines that mean nothing are told of', async () => {
    const queue = await openQueue({ folder });
    await add(queue, '1');
    await queue.close();
    await appendFile(join(folder, '000000000001.jsonl'), 'x\n');
    const next = await openQueue({ folder });
    expect(log).toHaveBeenCalledWith('warn', expect.stringContaining('1 lines'));
    await next.close();
  });

  test('it is used by one process at a time', async () => {
    const queue = await openQueue({ folder });
    await expect(openQueue({ folder })).rejects.toThrow(UsageError);
    await queue.close();
    await (await openQueue({ folder })).close();
  });
});

describe('where the disk cannot be written, samples wait in memory,', () => {
  test('when the folder cannot be made', async () => {
    await writeFile(folder, 'a file');
    const queue = await openQueue({ folder });
    await add(queue, '1');
    expect([await texts(queue), queue.bufferErrors]).toEqual([['1'], 1]);
    expect(log).toHaveBeenCalledExactlyOnceWith('error', expect.stringContaining('samples wait in memory'));
    await queue.close();
  });

  test('when the folder is gone, and on disk again when it is back', async () => {
    const queue = await openQueue({ folder });
    await rm(folder, { recursive: true });
    await add(queue, '1');
    await add(queue, '2');
    expect([await texts(queue), queue.bufferErrors]).toEqual([['1', '2'], 2]);
    expect(log).toHaveBeenCalledTimes(1);
    await mkdir(folder);
    await add(queue, '3');
    expect(await texts(queue)).toEqual(['1', '2', '3']);
    expect(await readdir(folder)).toEqual(['000000000003.jsonl']);
    await queue.close();
  });

  const isRoot = process.getuid?.() === 0;

  test.skipIf(isRoot)('when it may not be written', async () => {
    await mkdir(folder);
    await chmod(folder, 0o500);
    const queue = await openQueue({ folder });
    await add(queue, '1');
    expect(await texts(queue)).toEqual(['1']);
    await queue.close();
    await chmod(folder, 0o700);
  });

  const canMount = isRoot && process.platform === 'linux';

  test.skipIf(!canMount)(
    `when it is full, and on disk again when there is room${canMount ? '' : ' (skipped: only root can mount)'}`,
    async ({ skip }) => {
      await mkdir(folder);
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
      skip(mounted.status !== 0, 'a file system cannot be mounted here');
      try {
        const queue = await openQueue({ folder });
        const body = Buffer.alloc(20_000);
        for (let time = 1; time <= 5; time++) await queue.add(time, 10, body);
        expect(queue.bufferErrors).toBeGreaterThan(0);
        expect([queue.samples, queue.dropped.overflow]).toEqual([50, 0]);
        await queue.settle(4);
        const errors = queue.bufferErrors;
        await add(queue, '6');
        expect([queue.samples, queue.bufferErrors]).toEqual([20, errors]);
        await queue.close();
      } finally {
        spawnSync('umount', [folder]);
      }
    },
  );
});
