import { UsageError } from '@ubmsc/base';
import { columnInfo, lengthFor, MINUTE, query, tableCsv, tableParquet } from '@ubmsc/history';
import { documentFormat } from '../../formats/document-format.ts';
import { historyDocument, historyTable, historyChart } from '../../history/forms.ts';
import { daysDocument, daysText } from '../../history/days.ts';
import { eventsDocument, eventsText } from '../../history/events.ts';
import type { Found } from '../../history/found.ts';
import { resistanceDocument, resistanceText } from '../../history/resistance.ts';
import { keptBatteries, type KeptBattery } from '../../history/kept-batteries.ts';
import type { HistoryForm } from '../../history/form-names.ts';
import type { Options } from '../../command-line/options.ts';
import type { Document } from '../../formats/index.ts';
import { print, writeOutput } from '../../output.ts';

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
  readonly weeks?: boolean | undefined;
  readonly resistance?: boolean | undefined;
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

/** Prints what the history has of batteries: rows of equal time, days, weeks, resistance, or events. */
export async function history(options: HistoryOptions): Promise<void> {
  const { days, weeks, resistance, events, zone, to = Date.now() } = options;
  const ways = { '--days': days, '--weeks': weeks, '--resistance': resistance, '--events': events };
  const [way, another] = Object.entries(ways).flatMap(([name, isAsked]) => (isAsked ? [name] : []));
  if (another !== undefined)
    throw new UsageError(`${way} and ${another} are printed one at a time`, 'give one of them');
  if (way !== undefined && !['table', 'json'].includes(options.as ?? 'table'))
    throw new UsageError(`${way} is a table or JSON`, 'leave out --as, or give --as json');
  const batteries = await keptBatteries(options, options.asked);
  const from = options.from ?? to - (usualHours[way ?? ''] ?? 24) * HOUR;
  if (from >= to) throw new UsageError('--from is not before --to', 'give an earlier time');
  const unknown = options.columns?.find((name) => columnInfo(name) === undefined);
  if (unknown !== undefined)
    throw new UsageError(
      `the history has no column ${JSON.stringify(unknown)}`,
      'ubmsc history columns lists those that it can have',
    );
  const span = { from, to };
  if (days || weeks) {
    const asked = { ...span, zone, by: weeks ? ('week' as const) : ('day' as const) };
    await printForm(
      options,
      async () => await daysText(batteries, asked),
      async () => await daysDocument(batteries, asked),
    );
  } else if (resistance) {
    await printForm(
      options,
      async () => await resistanceText(batteries, span),
      async () => await resistanceDocument(batteries, span),
    );
  } else if (events) {
    await printForm(
      options,
      async () => await eventsText(batteries, span),
      async () => await eventsDocument(batteries, span),
    );
  } else await printRows(batteries, options, from, to);
}

/** How far back is printed when that is not said, in hours; a day for rows and events. */
const usualHours: Readonly<Record<string, number>> = {
  '--days': 30 * 24,
  '--weeks': 26 * 7 * 24,
  '--resistance': 90 * 24,
};

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
  if (output !== undefined) await writeOutput(output, content);
  else if (typeof content === 'string') await print(content);
  else throw new UsageError('Parquet is not for a terminal', 'name a file with --output');
}
