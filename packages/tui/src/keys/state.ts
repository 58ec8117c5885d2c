import type { GraphStyle } from '../text/graph.ts';
import { graphStyles } from '../text/graph.ts';
import { windows } from '../views/graphs.ts';
import type { Command, Mode, ViewName } from './bindings.ts';

/** Colours of a theme, or none. */
export const looks = ['dark', 'light', 'none'] as const;

export type Look = (typeof looks)[number];

/** What the person at the keys has chosen to see. */
export interface UiState {
  readonly view: ViewName;
  /** The views that lead back to the first one, the last one first. */
  readonly path: readonly ViewName[];
  readonly device: string | undefined;
  readonly cell: number | undefined;
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly typing: boolean;
  /** How far a view is scrolled, in lines: from the end in the events, from the start elsewhere. */
  readonly scroll: number;
  /** Time that graphs show, as an index of `windows`. */
  readonly window: number;
  /** The moment that is shown, by the source's clock; undefined while it is the present. */
  readonly pausedAt: number | undefined;
  /** Whether a recording is played, and how fast, as an index of `speeds`. */
  readonly playing: boolean;
  readonly speed: number;
  readonly graphStyle: GraphStyle;
  readonly look: Look;
  readonly mouse: boolean;
}

/** How many times as fast as it was a recording can be played. */
export const speeds = [0.5, 1, 2, 4, 8, 16, 32, 64] as const;

/** What the state is judged by. */
export interface Surroundings {
  readonly mode: Mode;
  /** The batteries that the filter lets through, in the order of the list. */
  readonly devices: readonly string[];
  readonly cells: number;
  /** The present, and the oldest moment that is remembered, by the source's clock. */
  readonly now: number;
  readonly oldest: number;
  /** Lines of a page, and of everything that the view has. */
  readonly page: number;
  readonly length: number;
}

export function initialState(look: Look, graphStyle: GraphStyle, mode: Mode = 'live'): UiState {
  return {
    view: 'fleet',
    path: [],
    device: undefined,
    cell: undefined,
    filter: '',
    typing: false,
    scroll: 0,
    window: 1,
    pausedAt: undefined,
    playing: mode === 'recording',
    speed: speeds.indexOf(1),
    graphStyle,
    look,
    mouse: false,
  };
}

/** The length of time that the graphs show, in seconds. */
export function windowOf({ window }: UiState): number {
  return windows[window] ?? windows[0];
}

/** How many times as fast as it was a recording is played. */
export function speedOf({ speed }: UiState): number {
  return speeds[speed] ?? 1;
}

/** What becomes of the state when a recording has been played for so many milliseconds. */
export function play(state: UiState, elapsed: number, around: Surroundings): UiState {
  if (!state.playing || state.pausedAt === undefined) return state;
  return at(state, state.pausedAt + elapsed * speedOf(state), around);
}

/** What becomes of the state when one goes to something that has happened: a recording stands still, to be looked at. */
export function jump(state: UiState, moment: number, around: Surroundings): UiState {
  return { ...at(state, moment, around), playing: false };
}

/** What becomes of the state when a key asks for something. */
export function step(state: UiState, command: Command, around: Surroundings): UiState {
  switch (command) {
    case 'back':
      return back(state, around);
    case 'help':
    case 'events':
    case 'raw':
      return state.view === command ? back(state, around) : enter(state, command);
    case 'open':
      return open(state, around);
    case 'up':
      return move(state, -1, around);
    case 'down':
      return move(state, 1, around);
    case 'pageUp':
      return move(state, -around.page, around);
    case 'pageDown':
      return move(state, around.page, around);
    case 'first':
      return move(state, -Infinity, around);
    case 'last':
      return move(state, Infinity, around);
    case 'next':
      return { ...state, device: neighbour(around.devices, state.device, 1), cell: undefined };
    case 'previous':
      return { ...state, device: neighbour(around.devices, state.device, -1), cell: undefined };
    case 'pause':
      return around.mode === 'live'
        ? { ...state, pausedAt: state.pausedAt === undefined ? around.now : undefined }
        : playOrPause(state, around);
    case 'earlier':
      return travel(state, -1, around);
    case 'later':
      return travel(state, 1, around);
    case 'muchEarlier':
      return travel(state, around.mode === 'live' ? -10 : -6, around);
    case 'muchLater':
      return travel(state, around.mode === 'live' ? 10 : 6, around);
    case 'farEarlier':
      return travel(state, -60, around);
    case 'farLater':
      return travel(state, 60, around);
    case 'earliest':
      return at(state, around.oldest, around);
    case 'latest':
      return at(state, around.now, around);
    case 'slower':
      return { ...state, speed: Math.max(0, state.speed - 1) };
    case 'faster':
      return { ...state, speed: Math.min(speeds.length - 1, state.speed + 1) };
    case 'shorter':
      return { ...state, window: Math.max(0, state.window - 1) };
    case 'longer':
      return { ...state, window: Math.min(windows.length - 1, state.window + 1) };
    case 'filter':
      return { ...state, typing: true };
    case 'graph':
      return { ...state, graphStyle: after(graphStyles, state.graphStyle) };
    case 'theme':
      return { ...state, look: after(looks, state.look) };
    case 'mouse':
      return { ...state, mouse: !state.mouse };
    case 'nextAlarm':
    case 'previousAlarm':
    case 'nextChange':
    case 'previousChange':
    case 'widestSpread':
    case 'quit':
    case 'copy':
    case 'export':
    case 'suspend':
      return state;
  }
}

/** What becomes of the filter when a key is pressed while it is typed. */
export function typeFilter(state: UiState, key: string): UiState {
  if (key === 'enter') return { ...state, typing: false };
  if (key === 'escape') return { ...state, typing: false, filter: '' };
  if (key === 'backspace') return { ...state, filter: Array.from(state.filter).slice(0, -1).join('') };
  const character = key === 'space' ? ' ' : key;
  return Array.from(character).length === 1 && state.filter.length < 40
    ? { ...state, filter: state.filter + character }
    : state;
}

/** The selected battery, or else the first one. */
export function selectedDevice({ device }: UiState, devices: readonly string[]): string | undefined {
  return device !== undefined && devices.includes(device) ? device : devices[0];
}

function enter(state: UiState, view: ViewName): UiState {
  return { ...state, view, path: [state.view, ...state.path], scroll: 0 };
}

function back(state: UiState, { mode }: Surroundings): UiState {
  if (mode === 'live' && state.pausedAt !== undefined && state.view !== 'help')
    return { ...state, pausedAt: undefined };
  const [view, ...path] = state.path;
  if (view === undefined) return { ...state, filter: '' };
  return { ...state, view, path, scroll: 0, cell: view === 'fleet' ? undefined : state.cell };
}

function open(state: UiState, { devices, cells }: Surroundings): UiState {
  if (state.view === 'fleet') {
    const device = selectedDevice(state, devices);
    return device === undefined ? state : { ...enter(state, 'battery'), device, cell: undefined };
  }
  if (cells === 0) return state;
  return { ...enter(state, 'cell'), cell: Math.min(state.cell ?? 0, cells - 1) };
}

function move(state: UiState, by: number, { devices, cells, page, length }: Surroundings): UiState {
  const limit = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  switch (state.view) {
    case 'fleet': {
      const index = devices.indexOf(selectedDevice(state, devices) ?? '');
      return { ...state, device: devices[limit(index + by, devices.length)] };
    }
    case 'battery':
    case 'cell':
      if (cells === 0) return state;
      // Without a selected cell, the way down leads to the first one, and the way up to the last one.
      return { ...state, cell: limit((state.cell ?? (by > 0 ? -1 : cells)) + by, cells) };
    case 'events':
      return { ...state, scroll: Math.max(0, Math.min(length - page, state.scroll - by)) };
    case 'raw':
    case 'help':
      return { ...state, scroll: Math.max(0, Math.min(length - page, state.scroll + by)) };
  }
}

/** The battery before or behind; behind the last one comes the first. */
function neighbour(devices: readonly string[], device: string | undefined, by: 1 | -1): string | undefined {
  const index = devices.indexOf(device ?? '');
  return devices[(Math.max(0, index) + by + devices.length) % devices.length] ?? device;
}

/** A step through a recording, in milliseconds. */
const STEP = 10_000;

/** Goes through time by so many steps: in the last hour of what is watched, of a sixtieth of what the graphs show. */
function travel(state: UiState, steps: number, around: Surroundings): UiState {
  if (state.pausedAt === undefined && steps > 0) return state;
  const length = around.mode === 'recording' ? STEP : (windowOf(state) * 1000) / 60;
  return at(state, (state.pausedAt ?? around.now) + steps * length, around);
}

/** Goes to a moment; at the present, what is watched goes on. */
export function at(state: UiState, moment: number, { mode, now, oldest }: Surroundings): UiState {
  if (mode === 'live' && moment >= now) return { ...state, pausedAt: undefined };
  return { ...state, pausedAt: Math.min(now, Math.max(moment, Math.min(oldest, now))) };
}

/** At its end, a recording is played from the start. */
function playOrPause(state: UiState, around: Surroundings): UiState {
  const playing = !state.playing;
  const isOver = playing && state.pausedAt !== undefined && state.pausedAt >= around.now;
  return { ...(isOver ? at(state, around.oldest, around) : state), playing };
}

function after<Value>(all: readonly Value[], value: Value): Value {
  const [first] = all;
  const next = all[all.indexOf(value) + 1] ?? first;
  return next ?? value;
}
