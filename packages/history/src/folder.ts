import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '@ubmsc/base';
import { ifThere, onDisk } from './history-error.ts';
import { DAY } from './steps.ts';

/** Kinds of files with blocks; each file covers a day, a month or a year, in UTC. */
export const tiers = {
  /** Every reading: a file a day. */
  raw: { name: (day: string) => `raw-${day}.ubh` },
  /** Minutes of a day that goes on, or of which a part came late: a file a day. */
  running: { name: (day: string) => `running-${day}.ubh` },
  /** Minutes: a block a day, a file a month. */
  minute: { name: (day: string) => `minute-${day.slice(0, 7)}.ubh` },
  /** Quarters of an hour: a block a day, a file a year. */
  quarter: { name: (day: string) => `quarter-${day.slice(0, 4)}.ubh` },
} as const;

export type Tier = keyof typeof tiers;

/** A larger file is not read, in bytes. */
const LARGEST_FILE = 1_000_000_000;

/** The day of a time in UTC, such as `2026-11-29`. */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The time that a file covers, in milliseconds since 1970-01-01 UTC. */
export interface TierFile {
  readonly tier: Tier;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The files of a battery, in order of time; none where there is no such folder.
 * @throws {HistoryError} the folder cannot be read.
 */
export async function tierFiles(folder: string): Promise<readonly TierFile[]> {
  return (await namesIn(folder))
    .flatMap((name) => {
      const [, tier = '', time = ''] = /^(raw|running|minute|quarter)-([\d-]+)\.ubh$/.exec(name) ?? [];
      const span = spanOf(time);
      return isTier(tier) && span ? [{ tier, path: join(folder, name), ...span }] : [];
    })
    .toSorted((one, other) => one.start - other.start);
}

function isTier(name: string): name is Tier {
  return Object.hasOwn(tiers, name);
}

function spanOf(time: string): { readonly start: number; readonly end: number } | undefined {
  const start = Date.parse(`${time}${'-01-01'.slice(time.length - 4)}T00:00:00Z`);
  if (Number.isNaN(start)) return undefined;
  const date = new Date(start);
  if (time.length === 4) date.setUTCFullYear(date.getUTCFullYear() + 1);
  else if (time.length === 7) date.setUTCMonth(date.getUTCMonth() + 1);
  else return { start, end: start + DAY };
  return { start, end: date.getTime() };
}

/**
 * The folders of batteries in the folder of a history; none where there is no such folder.
 * @throws {HistoryError} the folder cannot be read.
 */
export async function batteryFolders(folder: string): Promise<readonly string[]> {
  const entries = await ifThere(folder, async () => await readdir(folder, { withFileTypes: true }));
  return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/**
 * The names in a folder; none where there is no such folder.
 * @throws {HistoryError} it cannot be read.
 */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifThere(folder, async () => await readdir(folder))) ?? [];
}

/**
 * The size of a file in bytes; 0 when there is none.
 * @throws {HistoryError} its folder cannot be read.
 */
export async function sizeOf(path: string): Promise<number> {
  return (await ifThere(path, async () => (await stat(path)).size)) ?? 0;
}

/**
 * The content of a file; empty when there is none.
 * @throws {HistoryError} it cannot be read.
 */
export async function contentOf(path: string): Promise<Buffer> {
  const content = await ifThere(path, async () => {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw new Error('it is larger than 1 GB');
    return await readFile(path);
  });
  return content ?? Buffer.alloc(0);
}

/** Makes a folder, and those that it is in. Resolves when their names are on the disk. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** @throws {HistoryError} it cannot be removed. */
export async function remove(path: string): Promise<void> {
  await onDisk(path, 'removed', async () => await rm(path, { force: true }));
}
