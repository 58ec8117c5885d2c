import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decodeBlock, type Block } from './block.ts';
import { blocksOf, isIn, partOf, type Part } from './block-file.ts';
import { Bucketer } from './bucketer.ts';
import { columnInfos, columnPlace } from './columns.ts';
import { readEvents, parseEvents, type HistoryEvent } from './events.ts';
import { batteryFolders, tierFiles, utcDay, type Tier } from './folder.ts';
import { joinTables } from './join-tables.ts';
import { journalBlocks, journals } from './journal.ts';
import { rowsWhere } from './rows-of.ts';
import { lengthFor, MINUTE, QUARTER, spansOf, type SpanOf } from './steps.ts';
import { DOUBT, type Column, type Table } from './table.ts';

/** After decoding this many blocks, others have their turn. */
const BLOCKS_AT_ONCE = 16;

/** What somebody wants to see of a battery. */
export interface Query {
  /** The folder of the history. */
  readonly folder: string;
  /** The folder of the battery in it: `batteryKey` of its status. */
  readonly battery: string;
  /** Names of columns; all when left out. */
  readonly columns?: readonly string[] | undefined;
  /** From this time, in milliseconds since 1970-01-01 UTC. */
  readonly from: number;
  /** Up to this time, which is left out. */
  readonly to: number;
  /** At most this many rows, of equal length. */
  readonly points?: number | undefined;
  /** How long a row is: milliseconds, or spans such as local days. Instead of `points`; every reading when both are left out. */
  readonly every?: number | SpanOf | undefined;
}

/** The history of a battery over a time. */
export interface Answer {
  /** In order of time. Times without readings have no row. Gauges have mean, least and largest value, not the last. */
  readonly table: Table;
  /** How long a row is, in milliseconds; 0 when each is a reading, undefined when rows are of different length. */
  readonly step: number | undefined;
  /** Suspicious readings, when each row is a reading; they are not in `table`. */
  readonly doubtful: Table;
  /** What of the files is damaged and left out: columns, or `time` for a whole block. */
  readonly damaged: readonly string[];
}

/** Reads the history of a battery. Rows cover times of equal length; times without readings have no row. */
export async function query(request: Query): Promise<Answer> {
  const { from, to, points, every } = request;
  const step = typeof every === 'number' ? every : points === undefined ? 0 : lengthFor(to - from, points);
  const spanOf = typeof every === 'function' ? every : step > 0 ? spansOf(step) : undefined;
  const resolution = typeof every === 'function' ? QUARTER : step;
  const damaged: string[] = [];
  const found = await find(request, resolution, damaged);
  const inTime = (table: Table): Table => rowsWhere(table, (time) => time >= from && time < to);
  const tables: Table[] = [];
  const bucketer = spanOf && new Bucketer(spanOf);
  // Most rows of a file are of its length already, and are only put one after the other.
  const isOfFiles = step === MINUTE || step === QUARTER;
  await eachTable(found, (table) => {
    if (bucketer && !isOfFiles) bucketer.add(inTime(table));
    else tables.push(inTime(table));
  });
  if (!bucketer) {
    const { good, doubtful } = separated(inOrder(joinTables(tables), request));
    return { table: good, step: 0, doubtful, damaged };
  }
  const all = joinTables(tables);
  const isMade = isOfFiles && isMadeOf(all, step);
  if (!isMade) bucketer.add(all);
  const table = inOrder(withoutLast(isMade ? all : bucketer.table()), request);
  return { table, step: typeof every === 'function' ? undefined : step, doubtful: noRows, damaged };
}

/** Whether each row covers one span of this length already. */
function isMadeOf({ times, counts }: Table, step: number): boolean {
  if (!counts) return false;
  let before = -Infinity;
  for (const time of times) {
    if (time % step !== 0 || time <= before) return false;
    before = time;
  }
  return true;
}

const noRows: Table = { times: new Float64Array(), columns: new Map() };

/** Blocks are decoded one by one, and others of the process have their turn after some. */
async function eachTable(tables: Iterable<Table>, use: (table: Table) => void): Promise<void> {
  let count = 0;
  for (const table of tables) {
    use(table);
    if (++count % BLOCKS_AT_ONCE === 0) await setImmediate();
  }
}

/** Last values of gauges are kept for rows that are put together later; an answer has none. */
function withoutLast(table: Table): Table {
  const columns = [...table.columns].map(([name, column]): [string, Column] => [
    name,
    { ...column, last: undefined },
  ]);
  return { ...table, columns: new Map(columns) };
}

/** Columns in the order in which they were asked for, or else in that of the vocabulary. */
function inOrder(table: Table, { columns: asked }: Query): Table {
  const place = (name: string): number => {
    const found = asked?.indexOf(name) ?? columnPlace(name);
    return found < 0 ? columnInfos.length : found;
  };
  const columns = [...table.columns].toSorted(([one], [other]) => {
    return place(one) - place(other) || one.localeCompare(other, 'en', { numeric: true });
  });
  return { ...table, columns: new Map(columns) };
}

/** Separates suspicious readings. */
function separated(table: Table): { readonly good: Table; readonly doubtful: Table } {
  const doubt = table.columns.get(DOUBT)?.value;
  if (!doubt) return { good: table, doubtful: rowsWhere(table, () => false) };
  const isDoubtful = (row: number): boolean => !Number.isNaN(doubt[row]);
  return {
    good: rowsWhere(table, (_, row) => !isDoubtful(row)),
    doubtful: rowsWhere(table, (_, row) => isDoubtful(row)),
  };
}

interface Read {
  readonly blocks: readonly Block[];
  readonly isDamaged: boolean;
}

const nothing: Read = { blocks: [], isDamaged: false };

/**
 * Tables that have a time, from the coarsest files that are fine enough. They are decoded one after the other, as they
 * are asked for, which adds to `damaged`.
 */
async function find(request: Query, resolution: number, damaged: string[]): Promise<Iterable<Table>> {
  const { folder, battery, columns, from, to } = request;
  // The journal is read first: what is sealed meanwhile is then found twice, not missed.
  const isInTime = ({ header: { span } }: Block): boolean => span[0] < to && span[1] >= from - QUARTER;
  const pending = (await pendingBlocks(folder, battery)).filter(isInTime);
  const files = (await tierFiles(join(folder, battery))).filter(({ start, end }) => start < to && end > from);
  const read = async (tier: Tier): Promise<Read> => {
    const contents = await Promise.all(
      files.filter((file) => file.tier === tier).map(async ({ path }) => await blocksOf(path)),
    );
    const all = contents.flatMap(({ blocks }) => blocks);
    return {
      blocks: all.filter(isInTime),
      isDamaged: contents.some(({ damage }) => damage.length > 0),
    };
  };
  const asked = columns && new Set([...columns, DOUBT]);
  const decoded = (block: Block): Table | undefined => {
    const each = decodeBlock(block, (name) => !asked || asked.has(name), { withLast: false });
    damaged.push(...each.damaged);
    return each.table;
  };
  const tablesOf = function* (blocks: readonly Block[]): Generator<Table> {
    for (const block of blocks) {
      const table = decoded(block);
      if (table) yield table;
    }
  };
  const pendingNotIn = function* (others: readonly Block[]): Generator<Table> {
    for (const block of pending) {
      const table = decoded(block);
      if (table) yield rowsNotIn(table, block.header.generations, others);
    }
  };
  const isFine = resolution < MINUTE;
  const raw = isFine ? (await read('raw')).blocks : [];
  // Readings are kept for some days: before them there are minutes.
  const first = isFine
    ? Math.min(Infinity, ...[...raw, ...pending].map(({ header }) => header.span[0]))
    : Infinity;
  const begin = first - (first % MINUTE || 0);
  const sealed = begin > from ? await sealedBlocks(read, resolution) : [];
  return (function* () {
    for (const table of tablesOf(sealed)) {
      const earlier = rowsWhere(table, (time) => time < begin);
      if (earlier.times.length > 0) yield earlier;
    }
    yield* tablesOf(raw);
    yield* pendingNotIn(isFine ? raw : sealed);
  })();
}

/** Blocks of minutes and quarters of an hour, whichever are fine enough, each row in one of them. */
async function sealedBlocks(
  read: (tier: Tier) => Promise<Read>,
  resolution: number,
): Promise<readonly Block[]> {
  const { blocks: quarters, isDamaged } = resolution >= QUARTER ? await read('quarter') : nothing;
  // Days that are over have quarters of an hour: their minutes are only needed where those are damaged.
  const areEnough = resolution >= QUARTER && !isDamaged;
  const minutes = areEnough ? [] : notIn((await read('minute')).blocks, quarters);
  const running = notIn((await read('running')).blocks, [...quarters, ...minutes]);
  return [...quarters, ...minutes, ...running];
}

/** Blocks whose rows are not in others. */
function notIn(blocks: readonly Block[], others: readonly Block[]): readonly Block[] {
  const parts = others.map(partOf);
  return blocks.filter((block) => !parts.some((part) => isIn(partOf(block), part)));
}

/** The rows of a block of the journal that are not in other blocks: it may have rows of several days. */
function rowsNotIn(table: Table, generations: Part['generations'], others: readonly Block[]): Table {
  const days = others.map(partOf).filter((part) => isIn({ generations, day: part.day }, part));
  if (days.length === 0) return table;
  const sealed = new Set(days.map(({ day }) => day));
  return rowsWhere(table, (time) => !sealed.has(utcDay(time)));
}

/** The blocks of a battery in the journals, with the generation of their journal. */
async function pendingBlocks(folder: string, battery: string): Promise<readonly Block[]> {
  const pending: Block[] = [];
  for (const journal of await journals(folder)) {
    const { generation } = journal;
    for (const block of (await journalBlocks(journal)).get(battery) ?? [])
      pending.push({ ...block, header: { ...block.header, generations: [generation, generation] } });
  }
  return pending;
}

/** The batteries that a history has, also those that are in the journal alone. */
export async function batteriesOf(folder: string): Promise<readonly string[]> {
  const pending = await Promise.all((await journals(folder)).map(journalBlocks));
  return [
    ...new Set([...(await batteryFolders(folder)), ...pending.flatMap((blocks) => [...blocks.keys()])]),
  ].toSorted();
}

/** What has happened to a battery, in order of time. */
export async function queryEvents({
  folder,
  battery,
  from,
  to,
}: Pick<Query, 'folder' | 'battery' | 'from' | 'to'>): Promise<readonly HistoryEvent[]> {
  const pending = await pendingBlocks(folder, battery);
  const { written } = await readEvents(join(folder, battery));
  const sealed = new Set(written.map(({ generation }) => generation));
  return [
    ...written.flatMap(({ events }) => events),
    ...pending
      .filter(({ header }) => !sealed.has(header.generations[0]))
      .flatMap(({ header }) => parseEvents(header.events)),
  ]
    .filter(({ time }) => time >= from && time < to)
    .toSorted((one, other) => one.time - other.time);
}
