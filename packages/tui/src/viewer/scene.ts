import type { BatterySource } from '@ubmsc/session';
import { stateInWords } from '../model/changes.ts';
import { alarmList, type AlarmEntry } from '../model/alarm-list.ts';
import { inOrder } from '../model/order.ts';
import type { Logbook, Logbooks } from '../model/logbooks.ts';
import type { Past } from '../model/past.ts';
import { isLive } from '../model/verdict.ts';
import type { Watch, WatchedStatus } from '../model/watch.ts';
import type { Mode } from '../keys/view-name.ts';
import { selectedDevice, windowOf, type Surroundings, type UiState } from '../keys/state.ts';
import type { History } from '../model/history.ts';
import type { Playback } from '../playback/playback.ts';
import type { GraphStyle } from '../text/graph.ts';
import type { Characters } from '../text/signs.ts';
import { filteredAlarms } from '../views/alarms.ts';
import { bodyRoom, isOfOne } from '../views/compose.ts';
import { eventLineCount } from '../views/events.ts';
import { helpLines } from '../views/help.ts';
import { rawFieldCount } from '../views/raw-fields.ts';
import { settingsCount } from '../views/settings.ts';
import { recentWindows, windows } from '../views/windows.ts';
import type { Room, Scene } from '../views/view.ts';
import { settingsOf } from '../model/settings.ts';

/** A source, and what is remembered of it. */
export interface Watched {
  readonly source: BatterySource;
  readonly watch: Watch;
  /** The source, when it is a recording. */
  readonly playback: Playback | undefined;
  readonly characters: Characters;
  readonly logbooks: Logbooks;
  /** What the history has, when there is one. */
  readonly past: Past | undefined;
}

export function modeOf({ playback }: Watched): Mode {
  return playback ? 'recording' : 'live';
}

/** The moment that a state shows. */
export function sceneOf({ source, playback, characters }: Watched, { pausedAt, graphStyle }: UiState): Scene {
  const present = source.now();
  const now = pausedAt ?? present;
  return {
    now,
    // The clock of a recording is that of the wall.
    wall: playback ? now : Date.now() - (present - now),
    paused: pausedAt !== undefined,
    characters,
    graphStyle: possibleStyle(graphStyle, characters),
  };
}

/** What graphs can be drawn with in the characters of the terminal. */
function possibleStyle(style: GraphStyle, characters: Characters): GraphStyle {
  if (characters === 'ascii') return 'ascii';
  return characters === 'console' && style === 'braille' ? 'block' : style;
}

/** The batteries that match the filter, in the chosen order, as they are at the moment that is shown. */
export function statusesOf({ source, watch, playback }: Watched, state: UiState): readonly WatchedStatus[] {
  const { filter, pausedAt, order } = state;
  const all = playback && pausedAt === undefined ? [] : watch.statuses(pausedAt);
  const text = filter.toLowerCase();
  const matches = (status: WatchedStatus): boolean =>
    [status.device, status.name, status.address, stateInWords(status)].some((each) =>
      each?.toLowerCase().includes(text),
    );
  return inOrder(text === '' ? all : all.filter(matches), order, pausedAt ?? source.now());
}

export function selectedOf(statuses: readonly WatchedStatus[], state: UiState): WatchedStatus | undefined {
  const device = selectedDevice(
    state,
    statuses.map((status) => status.device),
  );
  return statuses.find((status) => status.device === device);
}

/** The alarms that the alarms view shows: of one battery, or of all. */
export function alarmsOf(
  { watch }: Watched,
  state: UiState,
  selected: WatchedStatus | undefined,
  now: number,
): readonly AlarmEntry[] {
  const events = watch.events.of(isOfOne(state) ? selected?.device : undefined, now);
  const silent = watch.statuses(state.pausedAt).filter((status) => !isLive(status, now));
  const latest = new Map(silent.map(({ device, readingTime }) => [device, readingTime]));
  return filteredAlarms(
    alarmList(events, (device) => latest.get(device)),
    state.alarmFilter,
  );
}

/** The logbook of the battery whose alarms are shown. */
export function logbookOf(
  { logbooks }: Watched,
  state: UiState,
  selected: WatchedStatus | undefined,
): Logbook | undefined {
  return state.view === 'alarms' && isOfOne(state) && selected ? logbooks.of(selected.device) : undefined;
}

/** What keys are judged by. */
export function surroundingsOf(watched: Watched, state: UiState, size: Room): Surroundings {
  const { source, watch, playback } = watched;
  const statuses = statusesOf(watched, state);
  const status = selectedOf(statuses, state);
  const history = status && watch.history(status.device);
  const mode = modeOf(watched);
  const now = source.now();
  const isRaw = state.view === 'raw';
  return {
    mode,
    devices: statuses.map((each) => each.device),
    cells: status?.reading?.cellVoltage.length ?? 0,
    alarms:
      state.view === 'alarms'
        ? [
            ...alarmsOf(watched, state, status, state.pausedAt ?? now).map(({ key }) => key),
            ...(logbookOf(watched, state, status)?.entries ?? []).map(({ timestamp }) => `book ${timestamp}`),
          ]
        : [],
    now,
    oldest: playback?.start ?? oldestOf(watched, state, history),
    windows: watched.past ? windows.length : recentWindows,
    page: Math.max(1, bodyRoom(size, mode).height - (isRaw ? 2 : 1)),
    length: lengthOf(watched, state, status, size),
  };
}

/** How many times the time that graphs of the history show one can go back. */
const BACK = 12;

/** How far back one can go: to the first reading that is remembered, and further where graphs show the history. */
function oldestOf({ source, past }: Watched, state: UiState, history: History | undefined): number {
  const now = source.now();
  if (past && state.window >= recentWindows) return now - windowOf(state) * 1000 * BACK;
  return history && history.end > history.start ? history.timeOf(history.start) : now;
}

/** Lines of everything that the view has, where it can be scrolled. */
function lengthOf(
  watched: Watched,
  state: UiState,
  status: WatchedStatus | undefined,
  { width }: Room,
): number {
  const { view, path, pausedAt } = state;
  if (view === 'help') return helpLines(path[0] ?? 'fleet', modeOf(watched), width).length;
  if (view === 'raw') return status ? rawFieldCount(status) : 0;
  if (view === 'settings') return settingsCount(settingsOf(status), width);
  if (view !== 'events') return 0;
  const device = isOfOne(state) ? status?.device : undefined;
  const events = watched.watch.events.of(device, pausedAt);
  return eventLineCount(events, device === undefined, width, sceneOf(watched, state));
}
