import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freeSpace, prune } from './prune.ts';

const now = Date.UTC(2026, 10, 29, 12);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'));
  await mkdir(join(folder, 'A'));
  await mkdir(join(folder, 'B'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

/** Makes files of 1000 bytes. */
async function make(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await writeFile(join(folder, path), Buffer.alloc(1000));
}

async function left(): Promise<readonly string[]> {
  const names = await Promise.all(
    ['A', 'B'].map(async (battery) =>
      (await readdir(join(folder, battery))).map((name) => `${battery}/${name}`),
    ),
  );
  return names.flat().toSorted();
}

test('readings and minutes go when they are old; quarters, events and other files stay', async () => {
  await make('A/raw-2026-11-21.ubh', 'A/raw-2026-11-22.ubh', 'A/minute-2016-10.ubh', 'A/minute-2026-10.ubh');
  await make('A/quarter-2010.ubh', 'A/events.jsonl', 'A/notes.txt');
  await prune(folder, {}, now);
  expect(await left()).toEqual([
    'A/events.jsonl',
    'A/minute-2026-10.ubh',
    'A/notes.txt',
    'A/quarter-2010.ubh',
    'A/raw-2026-11-22.ubh',
  ]);
});

test('of what is too much the oldest readings go first, then minutes; never today or what is for ever', async () => {
  await make('A/raw-2026-11-28.ubh', 'B/raw-2026-11-27.ubh', 'B/raw-2026-11-29.ubh');
  await make('A/minute-2026-09.ubh', 'B/minute-2026-10.ubh', 'A/quarter-2026.ubh');
  await prune(folder, { budget: 4000 }, now);
  expect(await left()).toEqual([
    'A/minute-2026-09.ubh',
    'A/quarter-2026.ubh',
    'B/minute-2026-10.ubh',
    'B/raw-2026-11-29.ubh',
  ]);
  await prune(folder, { budget: 0 }, now);
  expect(await left()).toEqual(['A/quarter-2026.ubh', 'B/raw-2026-11-29.ubh']);
});

test('a full disk costs the oldest readings, but not those of today', async () => {
  await make('A/raw-2026-11-28.ubh', 'B/raw-2026-11-27.ubh', 'B/raw-2026-11-29.ubh', 'A/minute-2026-10.ubh');
  expect(await freeSpace(folder, now)).toBe(join(folder, 'B/raw-2026-11-27.ubh'));
  expect(await freeSpace(folder, now)).toBe(join(folder, 'A/raw-2026-11-28.ubh'));
  expect(await freeSpace(folder, now)).toBeUndefined();
});
