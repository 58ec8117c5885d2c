import { writeFile } from 'node:fs/promises';
import { UsageError } from '@ubmsc/base';
import { lengthFor, MINUTE, query, tableCsv, tableParquet } from '@ubmsc/history';
import { documentFormat } from '../../formats/document-format.ts';
import { historyDocument, historyTable, historyChart } from '../../history/forms.ts';
import { daysDocument, daysText } from '../../history/days.ts';
import { eventsDocument, eventsText } from '../../history/events.ts';
import type { Found } from '../../history/found.ts';
import { keptBatteries, type KeptBattery } from '../../history/kept-batteries.ts';
import type { HistoryForm } from '../../history/form-names.ts';
import type { Options } from '../../command-line/options.ts';
import type { Document } from '../../formats/index.ts';
import { print } from '../../output.ts';

export interface HistoryOptions extends Options {
  readonly asked: readonly string[];
  /** Milliseconds since 1970-01-01 UTC. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Seconds. */
  readonly every?: number | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly as?: HistoryForm | undefined;
  readonly output?: string | undefined;
  readonly days?: boolean | undefined;
  readonly events?: boolean | undefined;
  readonly zone?: string | undefined;
}

const HOUR = 60 * MINUTE;

/** What is shown when nothing else is asked for. */
const usual: readonly string[] = [
  'battery_voltage',
  'battery_current',
  'battery_power',
  'remain_percent',
  'delta_cell_voltage',
  'mosfet_temperature',
];

/** Prints what the history has of batteries: rows of equal time, days, or events. */
export async function history(options: HistoryOptions): Promise<void> {
  const { days, events, to = Date.now() } = options;
  const batteries = await keptBatteries(options, options.asked);
  const from = options.from ?? to - (days ? 30 * 24 : 24) * HOUR;
  if (from >= to) throw new UsageError('--from is not before --to', 'give an earlier time');
  if (days) await printDays(batteries, options, from, to);
  else if (events) await printEvents(batteries, options, from, to);
  else await printRows(batteries, options, from, to);
}

async function printDays(
  batteries: readonly KeptBattery[],
  options: HistoryOptions,
  from: number,
  to: number,
): Promise<void> {
  const { zone } = options;
  await printForm(
    options,
    async () => await daysText(batteries, { from, to, zone }),
    async () => await daysDocument(batteries, { from, to, zone }),
  );
}

async function printEvents(
  batteries: readonly KeptBattery[],
  options: HistoryOptions,
  from: number,
  to: number,
): Promise<void> {
  await printForm(
    options,
    async () => await eventsText(batteries, { from, to }),
    async () => await eventsDocument(batteries, { from, to }),
  );
}

async function printRows(
  batteries: readonly KeptBattery[],
  options: HistoryOptions,
  from: number,
  to: number,
): Promise<void> {
  const { as = 'table', output } = options;
  const isForPeople =
    (as === 'table' || as === 'chart') &&
    documentFormat('history', options.format).printDocument === undefined;
  const points = as === 'chart' ? 60 : 24;
  const every =
    options.every === undefined ? lengthFor(to - from, isForPeople ? points : 1000) : options.every * 1000;
  const found = await Promise.all(
    batteries.map(async (battery): Promise<Found> => {
      const { folder, key } = battery;
      const columns = options.columns ?? (isForPeople ? usual : undefined);
      const answer = await query({ folder, battery: key, from, to, every, columns });
      return { battery, answer };
    }),
  );
  for (const { battery, answer } of found)
    for (const name of answer.damaged)
      process.stderr.write(`ubmsc: ${battery.title}: ${name} is damaged in places and left out there\n`);
  if (as === 'csv' || as === 'parquet') {
    await write(await fileOf(found, as), output);
    return;
  }
  const form = as === 'chart' ? historyChart : historyTable;
  await printForm(
    options,
    async () => found.map((each) => form(each, { from, to, every })).join('\n'),
    async () => historyDocument(found),
  );
}

/** Prints text for people, or a document. */
async function printForm(
  options: HistoryOptions,
  text: () => Promise<string>,
  document: () => Promise<Document>,
): Promise<void> {
  const format = documentFormat('history', options.as === 'json' ? 'json' : options.format);
  const printed = format.printDocument ? await format.printDocument(await document()) : await text();
  await write(printed, options.output);
}

async function fileOf(found: readonly Found[], as: 'csv' | 'parquet'): Promise<string | Uint8Array> {
  const [only, ...others] = found;
  if (!only || others.length > 0) {
    throw new UsageError(
      `${as} has one battery, and there are ${found.length}`,
      `name one of ${found.map(({ battery }) => battery.title).join(', ')}`,
    );
  }
  const { table } = only.answer;
  return as === 'csv' ? tableCsv(table) : await tableParquet(table);
}

async function write(content: string | Uint8Array, output: string | undefined): Promise<void> {
  if (output !== undefined) await writeFile(output, content);
  else if (typeof content === 'string') await print(content);
  else throw new UsageError('Parquet is not for a terminal', 'name a file with --output');
}
