import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KnownNames } from './known-names.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  file = join(folder, 'state', 'names.json');
});
afterEach(async () => await rm(folder, { recursive: true }));

const addresses = ['C8:47:80:00:00:01', 'C8:47:80:00:00:02', 'C8:47:80:00:00:03'];

/** What batteries of one name are called, by a process in which they are seen in this order. */
async function called(...seen: readonly string[]): Promise<Readonly<Record<string, string>>> {
  await using names = await KnownNames.open(file);
  return Object.fromEntries(seen.map((address) => [address, names.nameOf(address, 'JK')]));
}

test('three batteries of one name keep theirs, in whatever order they are seen after a restart', async () => {
  const before = await called(...addresses);
  expect(new Set(Object.values(before)).size).toBe(3);
  expect(before[addresses[0] ?? '']).toBe('JK');
  expect(await called(...addresses.toReversed())).toEqual(before);
  expect(await called(addresses[2] ?? '')).toEqual({ [addresses[2] ?? '']: before[addresses[2] ?? ''] });
});

test('a battery without a name is called by its address', async () => {
  await using names = await KnownNames.open(file);
  expect(names.nameOf('C8:47:80:00:00:01', undefined)).toBe('C8:47:80:00:00:01');
});

test.each(['', 'x', '[]', 'null', '{"C8:47:80:00:00:01":3}'])(
  'a file with %j has no names',
  async (content) => {
    file = join(folder, 'names.json');
    await writeFile(file, content);
    expect((await called(...addresses))[addresses[0] ?? '']).toBe('JK');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ 'C8:47:80:00:00:01': 'JK' });
  },
);

test('the file belongs to its user alone', async () => {
  await called(...addresses);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
