import { open } from 'node:fs/promises';
import { readBlocks, type Block, type Blocks } from './block.ts';
import { contentOf, utcDay } from './folder.ts';

/** The blocks of a file; none when there is no such file. */
export async function blocksOf(path: string): Promise<Blocks> {
  return readBlocks(await contentOf(path));
}

/** Rows of some generations of the journal that are of one day in UTC: all that a block of a file has. */
export interface Part {
  readonly generations: readonly [number, number];
  readonly day: string;
}

export function partOf({ header: { generations, span } }: Block): Part {
  return { generations, day: utcDay(span[0]) };
}

/** Whether one part is in another. */
export function isIn({ generations: [first, last], day }: Part, other: Part): boolean {
  const [from, to] = other.generations;
  return day === other.day && first >= from && last <= to;
}

/**
 * Adds a block to a file, unless its part is there: what a crash has interrupted is done again without
 * doing anything twice. What does not end with a whole block is first cut off. Resolves when it is on the disk.
 */
export async function appendBlock(path: string, block: Buffer, part: Part): Promise<void> {
  const { blocks, end } = await blocksOf(path);
  if (blocks.some((each) => isIn(part, partOf(each)))) return;
  await using file = await open(path, 'a', 0o600);
  await file.truncate(end);
  try {
    await file.appendFile(block);
    await file.sync();
  } catch (error) {
    await file.truncate(end).catch(() => {});
    throw error;
  }
}
