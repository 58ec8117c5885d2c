import { UsageError } from '@ubmsc/base';
import {
  answerJson,
  daysIn,
  query,
  queryEvents,
  tableCsv,
  type AnswerJson,
  type HistoryEvent,
} from '@ubmsc/history';

/** Most rows of an answer: two for each pixel of a large screen. */
const MOST_POINTS = 8000;

/** Most columns of an answer. */
const MOST_COLUMNS = 64;

/** Longest time that is asked for, in milliseconds: a century. */
const LONGEST = 36_525 * 86_400_000;

interface Asked {
  readonly battery: string;
  readonly from: number;
  readonly to: number;
}

/** Rows of a battery's history. Throws a UsageError for a query that has no meaning. */
export async function historyOf(folder: string, parameters: URLSearchParams): Promise<AnswerJson> {
  const columns = columnsIn(parameters);
  const rows =
    parameters.get('every') === 'day'
      ? { every: daysIn() }
      : { points: numberIn(parameters, 'points', 1, MOST_POINTS) ?? 1000 };
  return answerJson(await query({ folder, ...asked(parameters), columns, ...rows }));
}

/** The same as CSV. */
export async function historyCsv(folder: string, parameters: URLSearchParams): Promise<string> {
  const points = numberIn(parameters, 'points', 1, MOST_POINTS) ?? MOST_POINTS;
  const columns = parameters.has('columns') ? columnsIn(parameters) : undefined;
  return tableCsv((await query({ folder, ...asked(parameters), columns, points })).table);
}

/** The events of a battery. Throws a UsageError for a query that has no meaning. */
export async function eventsOf(
  folder: string,
  parameters: URLSearchParams,
): Promise<readonly HistoryEvent[]> {
  const events = await queryEvents({ folder, ...asked(parameters) });
  return events.slice(-MOST_POINTS);
}

/** Keys as `batteryKey` makes them: none leads out of the folder. */
const batteryName = /^[\p{L}\p{N}-]{1,80}$/u;

function asked(parameters: URLSearchParams): Asked {
  const battery = parameters.get('battery') ?? '';
  if (!batteryName.test(battery)) throw new UsageError('no such battery', 'take a key of api/now');
  const to = numberIn(parameters, 'to', 0, 8.64e15) ?? Date.now();
  const from = numberIn(parameters, 'from', 0, to) ?? to - 86_400_000;
  if (to - from > LONGEST) throw new UsageError('the time is too long', 'ask for less than a century');
  return { battery, from, to };
}

function numberIn(
  parameters: URLSearchParams,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new UsageError(`${name} is not a number from ${least} to ${most}`, 'see docs/web.md');
}

const columnName = /^[a-z][a-z0-9_]{0,63}$/;

function columnsIn(parameters: URLSearchParams): string[] {
  const names = (parameters.get('columns') ?? '').split(',');
  if (names.length <= MOST_COLUMNS && names.every((name) => columnName.test(name))) return names;
  throw new UsageError(
    'columns are not names in snake_case, separated by commas',
    `ask for ${MOST_COLUMNS} at most`,
  );
}
