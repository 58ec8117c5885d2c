import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBlock, type Block } from './block.ts';
import { blocksOf } from './block-file.ts';
import { readEvents } from './events.ts';
import { batteryFolders, tierFiles } from './folder.ts';
import { journals } from './journal.ts';
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

/** Reads all files of a history and reports damage. It changes nothing. */
export async function verify(folder: string, now: number): Promise<readonly Verified[]> {
  const verified: Verified[] = [];
  for (const { path } of await journals(folder)) verified.push(await verifyFile(path, now));
  for (const battery of await batteryFolders(folder)) {
    const place = join(folder, battery);
    for (const { path } of await tierFiles(place)) verified.push(await verifyFile(path, now));
    const { written, damaged } = await readEvents(place);
    if (written.length === 0 && damaged === 0) continue;
    const path = join(place, 'events.jsonl');
    const { size } = await stat(path);
    const rows = written.reduce((sum, { events }) => sum + events.length, 0);
    const problems = damaged > 0 ? [`${damaged} damaged lines`] : [];
    verified.push({ path, size, blocks: written.length, rows, problems });
  }
  return verified;
}

async function verifyFile(path: string, now: number): Promise<Verified> {
  const { size } = await stat(path);
  const { blocks, damage } = await blocksOf(path);
  return {
    path,
    size,
    blocks: blocks.length,
    rows: blocks.reduce((sum, { header }) => sum + header.rows, 0),
    problems: [
      ...damage.map(({ offset, length }) => `${length} bytes from ${offset} are not a block`),
      ...blocks.flatMap((block, index) =>
        problemsOf(block, now).map((text) => `block ${index + 1}: ${text}`),
      ),
    ],
  };
}

function problemsOf(block: Block, now: number): readonly string[] {
  const { damaged } = decodeBlock(block, () => true);
  const [, latest] = block.header.span;
  return [
    ...damaged.map((name) => `${name} is damaged`),
    ...(latest > now + DAY ? [`it is of ${new Date(latest).toISOString()}, which is yet to come`] : []),
  ];
}
