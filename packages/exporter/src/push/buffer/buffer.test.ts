import { spawnSync } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError } from '@ubmsc/base';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Moment } from '../clock/timeline.ts';
import { PushBuffer, type BufferOptions } from './buffer.ts';

const log = vi.fn();
let root = '';
let folder = '';

beforeEach(async () => {
  log.mockReset();
  root = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  folder = join(root, 'buffer');
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const openBuffer = async (options: Partial<BufferOptions> = {}): Promise<PushBuffer> =>
  await PushBuffer.open({ log, ...options });

const compressed = (text: string): Buffer => gzipSync(text);

const at = (time: number): Moment => ({ time, uptime: time, boot: 'b' });

const add = async (queue: PushBuffer, text: string): Promise<void> =>
  await queue.add(at(Number(text)), 10, compressed(text));

/** The texts that wait, oldest first. */
async function texts(queue: PushBuffer): Promise<string[]> {
  const pages = await queue.take('oldest', Infinity);
  queue.release(pages.map(({ id }) => id));
  return pages.map(({ text }) => text);
}

describe.each([
  ['in memory', false],
  ['on disk', true],
])('a queue %s', (_, onDisk) => {
  const options = (): Partial<BufferOptions> => (onDisk ? { folder } : {});

  test('gives what was added in its order, until it is settled', async () => {
    const queue = await openBuffer(options());
    for (const text of ['1', '2', '3']) await add(queue, text);
    expect([await texts(queue), queue.samples, queue.oldest?.time]).toEqual([['1', '2', '3'], 30, 1]);
    const [first] = await queue.take('oldest', 1);
    await queue.settle([first?.id ?? 0]);
    expect([await texts(queue), queue.samples, queue.oldest?.time]).toEqual([['2', '3'], 20, 2]);
    await queue.settle([2, 3], 'refused');
    expect([queue.samples, queue.oldest, queue.dropped.refused]).toEqual([0, undefined, 20]);
    await queue.close();
  });

  test('gives the newest first to who asks for them', async () => {
    const queue = await openBuffer(options());
    for (const text of ['1', '2', '3']) await add(queue, text);
    expect((await queue.take('newest', 20)).map(({ text }) => text)).toEqual(['2', '3']);
    expect((await queue.take('newest', 20)).map(({ text }) => text)).toEqual(['1']);
    expect(await queue.take('newest', 20)).toEqual([]);
    await queue.close();
  });

  test('gives batches that are at most as large as asked for, but never empty', async () => {
    const queue = await openBuffer(options());
    for (const text of ['1', '2', '3']) await add(queue, text);
    expect(await queue.take('oldest', 1)).toHaveLength(1);
    expect(await queue.take('oldest', 29)).toHaveLength(2);
    await queue.close();
  });

  test('keeps the latest alone where only that counts', async () => {
    const queue = await openBuffer({ ...options(), latestOnly: true });
    for (const text of ['1', '2', '3']) await add(queue, text);
    expect([await texts(queue), queue.dropped.replaced]).toEqual([['3'], 20]);
    await queue.close();
  });
});

test('a queue in memory that is full loses the oldest, and counts them', async () => {
  const size = compressed('1').length;
  const queue = await openBuffer({ limits: { memory: 2 * size, disk: 0 } });
  for (const text of ['1', '2', '3', '4']) await add(queue, text);
  expect([await texts(queue), queue.dropped.overflow]).toEqual([['3', '4'], 20]);
});

describe('on disk', () => {
  test('what waits outlives the process', async () => {
    const queue = await openBuffer({ folder });
    for (const text of ['1', '2', '3']) await add(queue, text);
    await queue.settle([1]);
    await queue.close();
    const next = await openBuffer({ folder });
    expect([await texts(next), next.samples]).toEqual([['2', '3'], 20]);
    await add(next, '4');
    expect(await texts(next)).toEqual(['2', '3', '4']);
    await next.close();
  });

  test('it is bounded: the oldest files go', async () => {
    const queue = await openBuffer({ folder, limits: { memory: 0, disk: 2_500_000 } });
    const body = Buffer.alloc(700_000);
    for (let time = 1; time <= 10; time++) await queue.add(at(time), 10, body);
    const left = queue.samples / 10;
    expect([queue.dropped.overflow, queue.oldest?.time]).toEqual([100 - queue.samples, 11 - left]);
    const sizes = await Promise.all(
      (await readdir(folder))
        .filter((name) => name.endsWith('.samples'))
        .map(async (name) => (await readFile(join(folder, name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500_000);
    await queue.close();
  });

  test('an entry whose body was damaged before it was written is left out, and counted', async () => {
    const queue = await openBuffer({ folder });
    await add(queue, '1');
    await queue.add(at(2), 10, Buffer.from('not gzip'));
    await add(queue, '3');
    expect([await texts(queue), queue.dropped.damaged, queue.faults]).toEqual([['1', '3'], 10, 1]);
    await queue.close();
  });

  test('lines that are damaged are told of', async () => {
    const queue = await openBuffer({ folder });
    await add(queue, '1');
    await queue.close();
    await appendFile(join(folder, '000000000001.samples'), 'x\n');
    const next = await openBuffer({ folder });
    expect(log).toHaveBeenCalledWith('warn', expect.stringContaining('1 damaged lines'));
    await next.close();
  });

  test('it is used by one process at a time', async () => {
    const queue = await openBuffer({ folder });
    await expect(openBuffer({ folder })).rejects.toThrow(UsageError);
    await queue.close();
    await (await openBuffer({ folder })).close();
  });
});

describe('where the disk cannot be written, samples wait in memory,', () => {
  test('when the folder cannot be made', async () => {
    await writeFile(folder, 'a file');
    const queue = await openBuffer({ folder });
    await add(queue, '1');
    expect([await texts(queue), queue.faults]).toEqual([['1'], 1]);
    expect(log).toHaveBeenCalledExactlyOnceWith('error', expect.stringContaining('samples wait in memory'));
    await queue.close();
  });

  test('but not when the folder is gone: it is made again', async () => {
    const queue = await openBuffer({ folder });
    await add(queue, '1');
    await rm(folder, { recursive: true });
    await add(queue, '2');
    expect([await texts(queue), queue.faults]).toEqual([['1', '2'], 0]);
    expect(await readdir(folder)).toEqual(['000000000002.samples']);
    await queue.close();
  });

  const isRoot = process.getuid?.() === 0;

  test.skipIf(isRoot)('when it may not be written', async () => {
    await mkdir(folder);
    await chmod(folder, 0o500);
    const queue = await openBuffer({ folder });
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
        const queue = await openBuffer({ folder });
        const body = Buffer.alloc(20_000);
        for (let time = 1; time <= 5; time++) await queue.add(at(time), 10, body);
        expect(queue.faults).toBeGreaterThan(0);
        expect([queue.samples, queue.dropped.overflow]).toEqual([50, 0]);
        await queue.settle([1, 2, 3, 4]);
        const errors = queue.faults;
        await add(queue, '6');
        expect([queue.samples, queue.faults]).toEqual([20, errors]);
        await queue.close();
        // What came while it was full was written as soon as there was room: a crash loses nothing of it.
        const again = await openBuffer({ folder });
        expect(again.samples).toBe(20);
        await again.close();
      } finally {
        spawnSync('umount', [folder]);
      }
    },
  );
});
