import { join } from 'node:path';
import { batteryFolders, remove, sizeOf, tierFiles, utcDay, type TierFile } from './folder.ts';
import { DAY } from './steps.ts';

/** How much is kept. */
export interface Limits {
  /** Days of which every reading is kept; 7 when left out. */
  readonly rawDays?: number | undefined;
  /** Days of which minutes are kept; ten years when left out. */
  readonly minuteDays?: number | undefined;
  /** Most that a history may take, in bytes; no limit when left out. Quarters of an hour and events always stay. */
  readonly budget?: number | undefined;
}

/** How much history is kept when nobody says otherwise. */
export const defaultLimits = { rawDays: 7, minuteDays: 3653 } as const;

interface Sized extends TierFile {
  readonly size: number;
}

/**
 * Removes what is older than it is kept, then the oldest of what is too much. Returns what was removed.
 * @throws {HistoryError} a folder cannot be read, or a file cannot be removed.
 */
export async function prune(folder: string, limits: Limits, now: number): Promise<readonly string[]> {
  const {
    rawDays = defaultLimits.rawDays,
    minuteDays = defaultLimits.minuteDays,
    budget = Infinity,
  } = limits;
  const files = await sizedFiles(folder);
  const days: Readonly<Partial<Record<TierFile['tier'], number>>> = { raw: rawDays, minute: minuteDays };
  const isOld = ({ tier, end }: Sized): boolean => end <= now - (days[tier] ?? Infinity) * DAY;
  const removed = files.filter(isOld);
  const kept = files.filter((file) => !isOld(file));
  let size = kept.reduce((sum, file) => sum + file.size, 0);
  // Readings go before minutes.
  for (const tier of ['raw', 'minute'] as const) {
    for (const file of kept.filter((each) => each.tier === tier && each.end <= now)) {
      if (size <= budget) break;
      size -= file.size;
      removed.push(file);
    }
  }
  for (const { path } of removed) await remove(path);
  return removed.map(({ path }) => path);
}

/** Removes the oldest file of readings that is not of today; undefined when there is none. */
export async function freeSpace(folder: string, now: number): Promise<string | undefined> {
  const files = await sizedFiles(folder);
  const oldest = files.find(({ tier, start }) => tier === 'raw' && utcDay(start) !== utcDay(now));
  if (oldest) await remove(oldest.path);
  return oldest?.path;
}

/** The files of all batteries, the oldest first. */
async function sizedFiles(folder: string): Promise<readonly Sized[]> {
  const batteries = await batteryFolders(folder);
  const all = await Promise.all(batteries.map(async (battery) => await tierFiles(join(folder, battery))));
  const sized = all.flat().map(async (file): Promise<Sized> => ({ ...file, size: await sizeOf(file.path) }));
  return (await Promise.all(sized)).toSorted((one, other) => one.start - other.start);
}
