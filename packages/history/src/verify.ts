import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBlock, type Block } from './block.ts';
import { blocksOf } from './block-file.ts';
import { readEvents } from './events.ts';
import { batteryFolders, tierFiles } from './folder.ts';
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

/** Reads all files of a history and reports damage. It changes nothing. */
export async function verify(folder: string, now: number): Promise<readonly Verified[]> {
  const verified: Verified[] = [];
  for (const { path } of await journals(folder)) verified.push(await verifyFile(path, now));
  for (const battery of await batteryFolders(folder)) {
    const place = join(folder, battery);
    const addLines = async (name: string, rows: number, damaged: number): Promise<void> => {
      if (rows === 0 && damaged === 0) return;
      const path = join(place, name);
      const { size } = await stat(path);
      const problems = damaged > 0 ? [`${damaged} damaged lines`] : [];
      verified.push({ path, size, blocks: 0, rows, problems });
    };
    for (const { path } of await tierFiles(place)) verified.push(await verifyFile(path, now));
    const { written, damaged } = await readEvents(place);
    const events = written.reduce((sum, each) => sum + each.events.length, 0);
    await addLines('events.jsonl', events, damaged);
    const { days, damaged: damagedDays } = await readResistances(place);
    await addLines('resistance.jsonl', days.size, damagedDays);
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
