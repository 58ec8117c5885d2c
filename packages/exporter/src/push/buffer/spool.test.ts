import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from './record.ts';
import { Spool } from './spool.ts';

let folder = '';
const spools: Spool[] = [];

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'ubmsc-'))));
afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  await rm(folder, { recursive: true, force: true });
});

/** A spool as after a crash: no other has been closed. */
function newSpool(): Spool {
  const spool = new Spool(folder);
  spools.push(spool);
  return spool;
}

const entry = (id: number): Entry => ({
  id,
  moment: { time: 1000 * id, uptime: 10 * id, boot: 'b' },
  samples: 3,
  body: Buffer.from(`body ${id}`),
});

async function written(...ids: readonly number[]): Promise<Spool> {
  const spool = newSpool();
  await spool.load();
  for (const id of ids) await spool.append(entry(id));
  return spool;
}

/** The ids that a process finds which starts now. */
async function found(): Promise<number[]> {
  return (await newSpool().load()).found.map(({ id }) => id);
}

const files = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.samples'));

describe('what was accepted', () => {
  test('is there after a crash, and reads as it was', async () => {
    await written(1, 2, 3);
    const spool = newSpool();
    const { found: left, last } = await spool.load();
    expect(last).toBe(3);
    expect(left.map(({ id, moment, samples }) => [id, moment.time, samples])).toEqual([
      [1, 1000, 3],
      [2, 2000, 3],
      [3, 3000, 3],
    ]);
    for (const { id, place } of left) expect(await spool.read(place)).toEqual(entry(id).body);
  });

  test('is not there again once it was settled', async () => {
    const spool = await written(1, 2, 3);
    await spool.settle([1, 2], 3);
    expect(await found()).toEqual([3]);
    await spool.append(entry(4));
    expect(await found()).toEqual([3, 4]);
  });

  test('is numbered on, also when nothing is left of it', async () => {
    const spool = await written(1, 2);
    await spool.settle([1, 2], 3);
    expect(await newSpool().load()).toEqual({ found: [], last: 2, damaged: 0 });
    expect(await files()).toEqual([]);
  });

  test('is read from the file while more is written', async () => {
    const spool = newSpool();
    await spool.load();
    const place = await spool.append(entry(1));
    await spool.append(entry(2));
    expect(await spool.read(place)).toEqual(entry(1).body);
  });
});

test('what was settled is settled, in whatever order that was', async () => {
  const spool = await written(1, 2, 3, 4, 5);
  await spool.settle([5], 1);
  await spool.settle([3, 4], 1);
  expect(await found()).toEqual([1, 2]);
  expect(await readFile(join(folder, 'settled'), 'utf8')).toMatch(/ 3-5\n$/);
});

describe('a crash while a line is written', () => {
  test('loses that line alone, wherever it is cut, and the next one stands by itself', async () => {
    await written(1, 2);
    const [name = ''] = await files();
    const content = await readFile(join(folder, name));
    const end = content.indexOf('\n\n') + 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: end, max: content.length - 1 }), async (length) => {
        await writeFile(join(folder, name), content.subarray(0, length));
        const spool = newSpool();
        const { found: left, last, damaged } = await spool.load();
        expect([left.map(({ id }) => id), last, damaged]).toEqual([[1], 1, 0]);
        await spool.append(entry(2));
        expect(await found()).toEqual([1, 2]);
        await spool.close();
        for (const file of await files()) if (file !== name) await rm(join(folder, file));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a folder', () => {
  test('with anything in its files is read, and gives what is whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (garbage) => {
        await rm(folder, { recursive: true });
        await mkdir(folder);
        const spool = await written(1);
        await spool.close();
        const [name = ''] = await files();
        await appendFile(join(folder, name), garbage);
        await appendFile(join(folder, name), '\n');
        await appendFile(join(folder, 'settled'), garbage);
        await writeFile(join(folder, 'notes.txt'), garbage);
        expect(await found()).toEqual([1]);
      }),
      { numRuns: 50 },
    );
  });

  test('has damaged lines in a file of their own, and they are told of once', async () => {
    await written(1);
    const [name = ''] = await files();
    await appendFile(join(folder, name), 'x\n{}\n');
    await (await written(2)).close();
    expect(await readFile(join(folder, 'damaged.log'), 'utf8')).toBe('x\n{}\n');
    expect((await newSpool().load()).damaged).toBe(0);
    expect(await found()).toEqual([1, 2]);
  });

  test('in which the settled entries are not known gives everything again: twice is better than never', async () => {
    const spool = await written(1, 2);
    await spool.settle([1], 2);
    await truncate(join(folder, 'settled'), 3);
    expect(await found()).toEqual([1, 2]);
  });

  test('of version 0.1.0 is read, too', async () => {
    const body = Buffer.from('old').toString('base64');
    const line = (id: number): string => `${JSON.stringify({ id, time: 1000 * id, samples: 3, body })}\n`;
    await writeFile(join(folder, '000000000001.jsonl'), line(1) + line(2) + line(3));
    await writeFile(join(folder, 'acknowledged.json'), '{"id":1}\n');
    const spool = newSpool();
    const { found: left, last } = await spool.load();
    expect([left.map(({ id }) => id), last]).toEqual([[2, 3], 3]);
    for (const { place } of left) expect(String(await spool.read(place))).toBe('old');
    await spool.settle([2, 3], 4);
    expect(await found()).toEqual([]);
  });

  test('has files of limited size, of which the oldest can be removed, but not the one that is written', async () => {
    const spool = newSpool();
    await spool.load();
    const body = Buffer.alloc(300_000);
    for (let id = 1; id <= 8; id++) await spool.append({ ...entry(id), body });
    expect(await files()).toEqual(['000000000001.samples', '000000000004.samples', '000000000007.samples']);
    const { size } = spool;
    expect(await spool.removeOldest()).toEqual([1, 2, 3]);
    expect(spool.size).toBeLessThan(size - 3 * 300_000);
    expect(await spool.removeOldest()).toEqual([4, 5, 6]);
    expect(await spool.removeOldest()).toBeUndefined();
    expect(await found()).toEqual([7, 8]);
  });

  test('has no file that others can read', async () => {
    const spool = await written(1);
    await spool.settle([1], 2);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
  });
});

describe('links in the folder of a buffer are not followed', () => {
  test('to read samples', async () => {
    await written(1, 2);
    const [name = ''] = await files();
    const other = await mkdtemp(join(tmpdir(), 'ubmsc-'));
    await writeFile(join(other, 'kept.samples'), await readFile(join(folder, name)));
    await rm(join(folder, name));
    await symlink(join(other, 'kept.samples'), join(folder, name));
    expect(await found()).toEqual([]);
    await rm(other, { recursive: true });
  });

  test('to write damaged lines', async () => {
    const mine = join(folder, 'mine');
    await writeFile(mine, 'mine');
    await symlink(mine, join(folder, 'damaged.log'));
    await written(1);
    const [name = ''] = await files();
    await appendFile(join(folder, name), '\nnonsense\n');
    expect(await found()).toEqual([1]);
    expect(await readFile(mine, 'utf8')).toBe('mine');
  });

  test('to read what waits', async () => {
    const spool = await written(1);
    const [name = ''] = await files();
    const mine = join(folder, 'mine');
    await writeFile(mine, 'mine');
    const left = await newSpool().load();
    await rm(join(folder, name));
    await symlink(mine, join(folder, name));
    const [one] = left.found;
    if (one) await expect(spool.read(one.place)).rejects.toThrow('ELOOP');
  });
});
