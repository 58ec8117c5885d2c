import type { OrderName } from '../model/order.ts';
import type { GraphStyle } from '../text/graph.ts';
import { windows } from '../views/windows.ts';
import type { Mode, ViewName } from './view-name.ts';

/** Colours of a theme, or none. */
export const looks = ['dark', 'light', 'none'] as const;

/** How the terminal UI looks. */
export type Look = (typeof looks)[number];

/** Which alarms the alarms view shows. */
export const alarmFilters = ['all', 'alarms', 'active'] as const;

export type AlarmFilter = (typeof alarmFilters)[number];

/** What the person at the keys has chosen to see. */
export interface UiState {
  readonly view: ViewName;
  /** The views that lead back to the first one, the last one first. */
  readonly path: readonly ViewName[];
  readonly device: string | undefined;
  /** The selected cell, from 0. */
  readonly cell: number | undefined;
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly typing: boolean;
  readonly order: OrderName;
  /** How far a view is scrolled, in lines: from the end in the events, from the start elsewhere. */
  readonly scroll: number;
  /** The selected line of the alarms, from 0. */
  readonly line: number;
  readonly alarmFilter: AlarmFilter;
  /** Alarms that somebody has seen, by their keys. */
  readonly acknowledged: ReadonlySet<string>;
  /** Whether the terminal's bell sounds at each new alarm. */
  readonly bell: boolean;
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
  /** The batteries that match the filter, in the order of the list. */
  readonly devices: readonly string[];
  readonly cells: number;
  /** The keys of the alarms that the alarms view shows, in its order. */
  readonly alarms: readonly string[];
  /** The present, and the oldest moment that is remembered, by the source's clock. */
  readonly now: number;
  readonly oldest: number;
  /** How many of `windows` graphs can show. */
  readonly windows: number;
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
    order: 'worst',
    scroll: 0,
    line: 0,
    alarmFilter: 'all',
    acknowledged: new Set(),
    bell: false,
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

/** The selected battery, or else the first one. */
export function selectedDevice({ device }: UiState, devices: readonly string[]): string | undefined {
  return device !== undefined && devices.includes(device) ? device : devices[0];
}

/** What becomes of the filter when a key is pressed while it is typed. */
export function typeFilter(state: UiState, key: string): UiState {
  if (key === 'enter') return { ...state, typing: false };
  if (key === 'escape') return { ...state, typing: false, filter: '' };
  if (key === 'backspace') return { ...state, filter: Array.from(state.filter).slice(0, -1).join('') };
  return addToFilter(state, key === 'space' ? ' ' : Array.from(key).length === 1 ? key : '');
}

/** Longest filter, in characters. */
const LONGEST_FILTER = 40;

export function addToFilter(state: UiState, text: string): UiState {
  return {
    ...state,
    filter: Array.from(state.filter + text)
      .slice(0, LONGEST_FILTER)
      .join(''),
  };
}
