import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@ubmsc/base';
import type { Block } from './block.ts';
import { blocksOf } from './block-file.ts';
import { namesIn, remove } from './folder.ts';

/** The readings of all batteries that no other file has yet. */
export interface JournalFile {
  readonly generation: number;
  readonly path: string;
}

/** The journals in the folder of a history, the oldest first: one, or two while the older one is sealed. */
export async function journals(folder: string): Promise<readonly JournalFile[]> {
  return (await namesIn(folder))
    .flatMap((name) => {
      const generation = Number(/^journal-(\d{1,15})\.ubh$/.exec(name)?.[1] ?? NaN);
      return Number.isNaN(generation) ? [] : [{ generation, path: join(folder, name) }];
    })
    .toSorted((one, other) => one.generation - other.generation);
}

/** Blocks of a journal by their battery. */
export async function journalBlocks({ path }: JournalFile): Promise<ReadonlyMap<string, readonly Block[]>> {
  const { blocks } = await blocksOf(path);
  const byBattery = new Map<string, Block[]>();
  for (const block of blocks) {
    const { battery = '' } = block.header;
    const all = byBattery.get(battery) ?? [];
    all.push(block);
    byBattery.set(battery, all);
  }
  return byBattery;
}

/**
 * The journal that is written: once a minute, in one piece, and synced. The system would write as often without it, half a
 * minute later, so syncing does not wear a memory card faster.
 */
export class Journal {
  readonly #folder: string;
  #generation: number;
  #size = 0;

  private constructor(folder: string, generation: number) {
    this.#folder = folder;
    this.#generation = generation;
  }

  /** Begins a journal. Its file, though empty, says which generations there were. */
  static async begin(folder: string, generation: number): Promise<Journal> {
    const journal = new Journal(folder, generation);
    await touch(journal.file, folder);
    return journal;
  }

  get generation(): number {
    return this.#generation;
  }

  get file(): JournalFile {
    const generation = this.#generation;
    return { generation, path: pathOf(this.#folder, generation) };
  }

  /**
   * Resolves when it is on the disk.
   * @throws Error it cannot be written; it is then as it was.
   */
  async append(bytes: Buffer): Promise<void> {
    await using file = await open(this.file.path, 'a', 0o600);
    try {
      await file.truncate(this.#size);
      await file.appendFile(bytes);
      await file.datasync();
      this.#size += bytes.length;
    } catch (error) {
      await file.truncate(this.#size).catch(() => {});
      throw error;
    }
  }

  /** Begins the next generation, unless nothing was written to this one. */
  async next(): Promise<void> {
    if (this.#size === 0) return;
    const generation = this.#generation + 1;
    await touch({ generation, path: pathOf(this.#folder, generation) }, this.#folder);
    this.#generation = generation;
    this.#size = 0;
  }
}

function pathOf(folder: string, generation: number): string {
  return join(folder, `journal-${generation}.ubh`);
}

async function touch({ path }: JournalFile, folder: string): Promise<void> {
  await (await open(path, 'a', 0o600)).close();
  await syncFolder(folder);
}

/** Removes a journal whose readings are elsewhere. */
export async function removeJournal({ path }: JournalFile, folder: string): Promise<void> {
  await syncFolder(folder);
  await remove(path);
}
