import { sanitize } from '@ubmsc/base';
import type { LogEntry } from '@ubmsc/session';
import { isActive, type AlarmEntry } from '../model/alarm-list.ts';
import type { Logbook } from '../model/logbooks.ts';
import type { AlarmFilter } from '../keys/state.ts';
import { column, fit, lineWidth, span, spread, type Line, type Role } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { clock, date, duration } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { displayWidth } from '../text/width.ts';
import { extent, firstToShow, part } from './list.ts';
import { title } from './title.ts';
import type { Pane, Room, Scene } from './view.ts';

export interface AlarmsShown {
  readonly entries: readonly AlarmEntry[];
  /** What the device itself has written down, below the alarms. */
  readonly logbook: Logbook | undefined;
  /** Whether the name of the battery is shown. */
  readonly named: boolean;
  readonly selected: number;
  readonly acknowledged: ReadonlySet<string>;
  readonly filter: AlarmFilter;
  readonly bell: boolean;
}

const filterWords: Readonly<Record<AlarmFilter, string>> = {
  all: 'all',
  alarms: 'only alarms',
  active: 'only active',
};

/** The entries that a filter shows. */
export function filteredAlarms(entries: readonly AlarmEntry[], filter: AlarmFilter): readonly AlarmEntry[] {
  if (filter === 'all') return entries;
  return entries.filter((entry) => (filter === 'alarms' ? entry.severity === 'alarm' : isActive(entry)));
}

/** Alarms and notices, a line each: the active ones first, flaps in one line. */
export function alarmsView(shown: AlarmsShown, scene: Scene, { width, height }: Room): Pane {
  const { entries, logbook, selected, filter, bell } = shown;
  const room = Math.max(0, height - 1);
  const nameWidth = shown.named
    ? Math.min(18, Math.max(6, ...entries.map(({ device }) => displayWidth(showName(device)))))
    : 0;
  const all = [
    ...entries.map(
      (entry) =>
        (isSelected: boolean): Line =>
          entryLine(entry, isSelected, nameWidth, shown, scene, width),
    ),
    ...(logbook?.entries ?? []).map(
      (entry) =>
        (isSelected: boolean): Line =>
          logbookLine(entry, isSelected),
    ),
  ];
  const inSight = part(all, firstToShow(selected, all.length, room), room);
  const note: Line = [
    span(`${filterWords[filter]}${bell ? ', bell on' : ''}`, 'dim'),
    ...(inSight.items.length < all.length ? [span(', ', 'dim')] : []),
    ...extent(inSight.first, inSight.items.length, all.length),
  ];
  const nothing =
    filter === 'all' ? 'no alarm and no notice since this was started' : 'there is none of these';
  const empty = entries.length === 0 ? [[span(`  ${nothing}`, 'good')]] : [];
  const below = logbook?.note === undefined ? [] : [[span(`  ${logbook.note}`, 'dim')]];
  const lines = [
    ...empty,
    ...inSight.items.map((line, index) => line(inSight.first + index === selected)),
    ...below,
  ];
  return {
    width,
    lines: [title('Alarms', width, note), ...lines.map((line) => fit(line, width))].slice(0, height),
    hit: (_, line) => {
      const at = inSight.first + line - 1 - empty.length;
      return line >= 1 && at >= 0 && at < all.length ? { kind: 'alarm', line: at } : undefined;
    },
  };
}

/** An entry of the device's own logbook. */
function logbookLine({ text, time, timestamp }: LogEntry, isSelected: boolean): Line {
  const when = time === null ? `after ${duration(timestamp)} of running` : `${date(time)} ${clock(time)}`;
  return [
    span(isSelected ? `${signs.selected} ` : '  ', 'accent'),
    span('book ', 'dim'),
    span(`${when}  `, 'dim'),
    span(sanitize(text)),
  ];
}

function entryLine(
  entry: AlarmEntry,
  isSelected: boolean,
  nameWidth: number,
  { acknowledged }: AlarmsShown,
  { now, wall }: Scene,
  width: number,
): Line {
  const { device, text, words, since, until, times } = entry;
  const { word, role, lasted } = standing(entry, acknowledged.has(entry.key), now);
  const time = clock(wall - (now - since));
  const flaps = times === 1 ? '' : `${times} times in ${duration(((until ?? now) - since) / 1000, 1)}, `;
  const what = (told: string): Line => [
    span(isSelected ? `${signs.selected} ` : '  ', 'accent'),
    span(word.padEnd(5), role),
    span(`${time} `, 'dim'),
    ...(nameWidth > 0 ? [...column(showName(device, nameWidth), nameWidth), span('  ')] : []),
    span(told, role),
  ];
  const when = [span(`  ${flaps}${lasted}`, 'dim')];
  const inFull = what(text);
  return lineWidth(inFull) + lineWidth(when) <= width
    ? [...inFull, ...when]
    : spread(what(words), when, width);
}

/** How an alarm stands, in a word of four letters at most, and since when. */
function standing(
  { severity, latest, until, silentSince }: AlarmEntry,
  isSeen: boolean,
  now: number,
): { readonly word: string; readonly role: Role; readonly lasted: string } {
  const ago = (time: number): string => duration((now - time) / 1000, 1);
  if (until !== undefined) return { word: 'over', role: 'dim', lasted: `over ${ago(until)} ago` };
  const role = isSeen ? 'dim' : severity;
  if (silentSince !== undefined)
    return {
      word: isSeen ? 'seen' : '?',
      role: isSeen ? 'dim' : 'notice',
      lasted: `last reading ${ago(silentSince)} ago`,
    };
  return {
    word: isSeen ? 'seen' : severity === 'alarm' ? signs.alarm : '',
    role,
    lasted: `for ${ago(latest)}`,
  };
}
