import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLeftOver, replaceFile } from './atomic-file.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  file = join(folder, 'state.json');
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const modeOf = async (): Promise<number> => (await stat(file)).mode & 0o777;

test('a reader sees the old content or the new one', async () => {
  const contents = ['1', '2'].map((digit) => digit.repeat(200_000));
  await replaceFile(file, contents[0] ?? '');
  const write = async (): Promise<void> => {
    for (let count = 0; count < 20; count++) await replaceFile(file, contents[count % 2] ?? '');
  };
  const read = async (): Promise<void> => {
    for (let count = 0; count < 100; count++) expect(contents).toContain(await readFile(file, 'utf8'));
  };
  await Promise.all([write(), read()]);
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('the file belongs to its user alone, or has the permissions that were asked for, whatever the umask is', async () => {
  const mask = process.umask(0o777);
  try {
    await replaceFile(file, 'x');
    expect(await modeOf()).toBe(0o600);
    await replaceFile(file, 'x', { mode: 0o644 });
    expect(await modeOf()).toBe(0o644);
  } finally {
    process.umask(mask);
  }
});

test('a link is neither followed nor replaced', async () => {
  const target = join(folder, 'target');
  await writeFile(target, 'secret');
  await symlink(target, file);
  await expect(replaceFile(file, 'new')).rejects.toThrow('not a regular file');
  expect(await readFile(target, 'utf8')).toBe('secret');
});

test('a folder is not replaced, and nothing is left beside it', async () => {
  await mkdir(file);
  await expect(replaceFile(file, 'new')).rejects.toThrow('not a regular file');
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('a file that cannot be written leaves what was there', async () => {
  await expect(replaceFile(join(folder, 'nowhere', 'x'), 'new')).rejects.toThrow('ENOENT');
});

test.each([
  ['.state.json.0123456789abcdef.new', true],
  ['state.json', false],
  ['.state.json.new', false],
])('%s was left by a process that was killed: %s', (name, left) => {
  expect(isLeftOver(name)).toBe(left);
});
