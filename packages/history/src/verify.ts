import { join } from 'node:path';
import { decodeBlock, type Block } from './block.ts';
import { blocksOf } from './block-file.ts';
import { readEvents } from './events.ts';
import { batteryFolders, sizeOf, tierFiles } from './folder.ts';
import { HistoryError } from './history-error.ts';
import { journals } from './journal.ts';
import { readResistances } from './resistance.ts';
import { DAY } from './steps.ts';

/** Result of checking one file of a history. */
export interface Verified {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly blocks: number;
  readonly rows: number;
  /** What is wrong, for people; empty when nothing is. */
  readonly problems: readonly string[];
}

/**
 * Reads all files of a history and reports damage, and what cannot be read. It changes nothing.
 * @throws {HistoryError} the folder of the history itself cannot be read.
 */
export async function verify(folder: string, now: number): Promise<readonly Verified[]> {
  const verified: Verified[] = [];
  for (const { path } of await journals(folder)) verified.push(await verifyFile(path, now));
  for (const battery of await batteryFolders(folder))
    verified.push(...(await verifyBattery(join(folder, battery), now)));
  return verified;
}

async function verifyBattery(folder: string, now: number): Promise<readonly Verified[]> {
  try {
    const verified: Verified[] = [];
    for (const { path } of await tierFiles(folder)) verified.push(await verifyFile(path, now));
    verified.push(
      await verifyLines(join(folder, 'events.jsonl'), async () => {
        const { written, damaged } = await readEvents(folder);
        return { rows: written.reduce((sum, { events }) => sum + events.length, 0), damaged };
      }),
      await verifyLines(join(folder, 'resistance.jsonl'), async () => {
        const { days, damaged } = await readResistances(folder);
        return { rows: days.size, damaged };
      }),
    );
    return verified.filter(({ size, problems }) => size > 0 || problems.length > 0);
  } catch (error) {
    return [unreadable(folder, error)];
  }
}

async function verifyFile(path: string, now: number): Promise<Verified> {
  try {
    const { blocks, damage } = await blocksOf(path);
    return {
      path,
      size: await sizeOf(path),
      blocks: blocks.length,
      rows: blocks.reduce((sum, { header }) => sum + header.rows, 0),
      problems: [
        ...damage.map(({ offset, length }) => `${length} bytes from ${offset} are not a block`),
        ...blocks.flatMap((block, index) =>
          problemsOf(block, now).map((text) => `block ${index + 1}: ${text}`),
        ),
      ],
    };
  } catch (error) {
    return unreadable(path, error);
  }
}

async function verifyLines(
  path: string,
  read: () => Promise<{ readonly rows: number; readonly damaged: number }>,
): Promise<Verified> {
  try {
    const { rows, damaged } = await read();
    const problems = damaged > 0 ? [`${damaged} damaged lines`] : [];
    return { path, size: await sizeOf(path), blocks: 0, rows, problems };
  } catch (error) {
    return unreadable(path, error);
  }
}

/** What there is to say of a file or a folder that cannot be read. */
function unreadable(path: string, error: unknown): Verified {
  if (!(error instanceof HistoryError)) throw error;
  return { path, size: 0, blocks: 0, rows: 0, problems: [error.message.replace(`${path} `, '')] };
}

function problemsOf(block: Block, now: number): readonly string[] {
  const { damaged } = decodeBlock(block, () => true);
  const [, latest] = block.header.span;
  return [
    ...damaged.map((name) => `${name} is damaged`),
    ...(latest > now + DAY ? [`it is of ${new Date(latest).toISOString()}, which is yet to come`] : []),
  ];
}
