import { queryEvents, type HistoryEvent } from '@ubmsc/history';
import { columns } from '../formats/columns.ts';
import { sanitize, type Document } from '../formats/index.ts';
import { localTime, utcTime } from '../times.ts';
import { headingOf, originOf } from './forms.ts';
import type { KeptBattery } from './kept-batteries.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

const kinds: Readonly<Record<HistoryEvent['kind'], string>> = {
  state: 'is',
  alarm: 'alarm',
  alarmEnded: 'alarm ended',
};

/** For people: a line for each event, in local time. */
export async function eventsText(batteries: readonly KeptBattery[], span: Span): Promise<string> {
  const texts = batteries.map(async (battery) => {
    const events = await queryEvents({ folder: battery.folder, battery: battery.key, ...span });
    const rows = events.map(({ time, kind, name, reason }) => [
      localTime(time),
      kinds[kind],
      sanitize(reason === undefined ? plain(name) : `${plain(name)}: ${plain(reason)}`),
    ]);
    const lines = rows.length > 0 ? columns(rows, 'padEnd') : ['  nothing has happened'];
    return [headingOf(battery), ...lines].map((line) => `${line}\n`).join('');
  });
  return (await Promise.all(texts)).join('\n');
}

function plain(name: string): string {
  return name.replaceAll('_', ' ');
}

/** For programs: a row for each event, in UTC. */
export async function eventsDocument(batteries: readonly KeptBattery[], span: Span): Promise<Document> {
  const rows = batteries.map(async (battery) => {
    const events = await queryEvents({ folder: battery.folder, battery: battery.key, ...span });
    return events.map(({ time, kind, name, reason = null }) => ({
      ...originOf(battery),
      time: utcTime(time),
      kind,
      name,
      reason,
    }));
  });
  return { events: (await Promise.all(rows)).flat() };
}
