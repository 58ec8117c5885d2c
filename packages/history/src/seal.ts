import { join } from 'node:path';
import { syncFolder } from '@ubmsc/base';
import { decodeBlock, encodeBlock, type Block } from './block.ts';
import { appendBlock, blocksOf } from './block-file.ts';
import { Bucketer } from './bucketer.ts';
import { appendEvents, parseEvents } from './events.ts';
import { makeFolder, remove, tierFiles, tiers, utcDay } from './folder.ts';
import { joinTables } from './join-tables.ts';
import { keepResistance } from './resistance.ts';
import { journalBlocks, removeJournal, type JournalFile } from './journal.ts';
import { MINUTE, QUARTER, spansOf } from './steps.ts';
import type { Column, Table } from './table.ts';
import { rowsOf } from './rows-of.ts';

/**
 * Moves the readings of a journal to the files of their batteries, each as it is and as minutes, and removes the journal.
 * After a crash at any moment it can be repeated.
 */
export async function sealJournal(folder: string, journal: JournalFile): Promise<void> {
  for (const [battery, blocks] of await journalBlocks(journal)) {
    const place = join(folder, battery);
    await makeFolder(place);
    await sealBattery(place, journal.generation, blocks);
  }
  await removeJournal(journal, folder);
}

async function sealBattery(folder: string, generation: number, blocks: readonly Block[]): Promise<void> {
  const table = tableOf(blocks);
  for (const [day, rows] of byDay(table)) {
    const path = (tier: 'raw' | 'running'): string => join(folder, tiers[tier].name(day));
    const origin = { generations: [generation, generation] as [number, number] };
    const part = { ...origin, day };
    await appendBlock(path('raw'), encodeBlock(rows, origin), part);
    const minutes = bucketed(rows, MINUTE);
    if (minutes.times.length > 0) await appendBlock(path('running'), encodeBlock(minutes, origin), part);
  }
  await appendEvents(folder, {
    generation,
    events: blocks.flatMap(({ header }) => parseEvents(header.events)),
  });
  await syncFolder(folder);
}

/** Compacts days that are over into one block of minutes, and one of quarters of an hour. */
export async function compactDays(folder: string, now: number): Promise<void> {
  const today = utcDay(now);
  for (const { tier, path, start } of await tierFiles(folder)) {
    const day = utcDay(start);
    if (tier !== 'running' || day >= today) continue;
    const { blocks } = await blocksOf(path);
    const all = blocks.map(({ header }) => header.generations);
    const generations: [number, number] = [
      Math.min(...all.map(([first]) => first)),
      Math.max(...all.map(([, last]) => last)),
    ];
    const rows = tableOf(blocks);
    for (const [into, step] of [
      ['minute', MINUTE],
      ['quarter', QUARTER],
    ] as const) {
      const block = encodeBlock(bucketed(rows, step), { generations });
      if (all.length > 0) await appendBlock(join(folder, tiers[into].name(day)), block, { generations, day });
    }
    await keepResistance(folder, day);
    await syncFolder(folder);
    await remove(path);
  }
}

/** All columns of all blocks; blocks whose times are damaged are left out. */
function tableOf(blocks: readonly Block[]): Table {
  return joinTables(blocks.flatMap((block) => decodeBlock(block, () => true).table ?? []));
}

function bucketed(table: Table, length: number): Table {
  const bucketer = new Bucketer(spansOf(length));
  bucketer.add(table);
  return withoutLastOfLists(bucketer.table());
}

/** Nobody asks for the last value of each cell in a minute, and it would be a tenth of the file. */
function withoutLastOfLists(table: Table): Table {
  const columns = [...table.columns].map(([name, column]): [string, Column] => {
    return [name, /_\d+$/.test(name) ? { ...column, last: undefined } : column];
  });
  return { ...table, columns: new Map(columns) };
}

/** The rows of each day in UTC. */
function byDay(table: Table): ReadonlyMap<string, Table> {
  const rows = new Map<string, number[]>();
  for (const [row, time] of table.times.entries()) {
    const day = utcDay(time);
    const those = rows.get(day) ?? [];
    those.push(row);
    rows.set(day, those);
  }
  return new Map([...rows].map(([day, those]) => [day, rowsOf(table, those)]));
}
