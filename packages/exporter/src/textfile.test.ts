import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepTextfile, writeTextfile } from './textfile.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  file = join(folder, 'ubmsc.prom');
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test('a textfile is whole whenever it is read, and everybody may read it', async () => {
  const pages = [1, 2].map((digit) => `${String(digit).repeat(1_000_000)}\n`);
  const mask = process.umask(0o077);
  const write = async (): Promise<void> => {
    for (let count = 0; count < 20; count++) await writeTextfile(file, pages[count % 2] ?? '');
  };
  const read = async (): Promise<void> => {
    for (let count = 0; count < 100; count++) {
      const page = await readFile(file, 'utf8').catch(() => pages[0]);
      expect(pages.includes(page ?? '')).toBe(true);
    }
  };
  await Promise.all([write(), read()]);
  process.umask(mask);
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  expect(await readdir(folder)).toEqual(['ubmsc.prom']);
});

test('one that cannot be written is told of, and what was there stays', async () => {
  await writeFile(join(folder, 'target'), 'old\n');
  await symlink(join(folder, 'target'), file);
  await expect(writeTextfile(file, 'new\n')).rejects.toThrow(UsageError);
  expect(await readFile(file, 'utf8')).toBe('old\n');
  await expect(writeTextfile(join(folder, 'nowhere', 'x.prom'), 'new\n')).rejects.toThrow('cannot write');
});

test('standard output is not a file', async () => {
  await expect(writeTextfile('-', 'a 1\n')).rejects.toThrow('--format metrics');
});

test('what is not a regular file is not replaced', async () => {
  await mkdir(file);
  await expect(writeTextfile(file, 'new\n')).rejects.toThrow('not a regular file');
  expect(await readdir(folder)).toEqual(['ubmsc.prom']);
});

test('one that is kept is written again and again, and is gone with the program', async () => {
  const log = vi.fn();
  let count = 0;
  const page = (): string => `a ${++count}\n`;
  const kept = await keepTextfile({ file, page, interval: 5, log });
  expect(await readFile(file, 'utf8')).toBe('a 1\n');
  await expect.poll(() => count).toBeGreaterThan(3);
  await rm(folder, { recursive: true, maxRetries: 9 });
  await expect.poll(() => log.mock.calls.length).toBe(1);
  const failing = count;
  await expect.poll(() => count).toBeGreaterThan(failing + 3);
  expect(log).toHaveBeenCalledExactlyOnceWith('error', expect.stringContaining('cannot write'));
  await mkdir(folder);
  await expect.poll(async () => await readFile(file, 'utf8').catch(() => '')).toMatch(/^a \d+\n$/);
  await kept[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
  await expect(keepTextfile({ file: '/nowhere/x', page, interval: 5, log })).rejects.toThrow(UsageError);
});

test('one that cannot be replaced is removed, as on a full disk, until it can', async () => {
  let isFull = false;
  const page = (): string => {
    if (isFull) throw new Error('no space left on device');
    return 'a 1\n';
  };
  await using kept = await keepTextfile({ file, page, interval: 5, log: vi.fn() });
  expect(kept).toBeDefined();
  isFull = true;
  await expect.poll(async () => await readdir(folder)).toEqual([]);
  isFull = false;
  await expect.poll(async () => await readdir(folder)).toEqual(['ubmsc.prom']);
});
