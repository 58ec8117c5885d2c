import type { Command } from '../viewer/commands.ts';
import type { Mode, ViewName } from './view-name.ts';

/** One row of {@link bindings}. */
export interface Binding {
  readonly keys: readonly string[];
  readonly command: Command;
  /** A word for the footer. */
  readonly word: string;
  readonly help: string;
  /** Views whose footer shows it; the help shows it where it works. */
  readonly footer?: readonly ViewName[];
  /** Views in which it works; all when left out. */
  readonly views?: readonly ViewName[];
  /** Where it works in one mode only. */
  readonly mode?: Mode;
}

const scrolled: readonly ViewName[] = [
  'fleet',
  'compare',
  'battery',
  'alarms',
  'settings',
  'raw',
  'events',
  'help',
];
const ofBattery: readonly ViewName[] = ['battery', 'cell', 'alarms', 'settings', 'raw', 'events'];
const everywhere: readonly ViewName[] = [
  'fleet',
  'compare',
  'battery',
  'cell',
  'alarms',
  'settings',
  'raw',
  'events',
];
const drawn: readonly ViewName[] = ['battery', 'cell'];

/** Every key. Footer and help are made from it, in this order. */
// A table is read by its columns:
// prettier-ignore
const bindings: readonly Binding[] = [
  { keys: ['q', 'ctrl-c'], command: 'quit', word: 'quit', help: 'quit', footer: everywhere },
  { keys: ['escape', 'h', 'backspace'], command: 'back', word: 'back', help: 'back to where you came from; in the list it ends filter and pause', footer: [...everywhere.filter((view) => view !== 'fleet'), 'help'] },
  { keys: ['?'], command: 'help', word: 'keys', help: 'the keys of this screen', footer: everywhere },
  { keys: ['enter'], command: 'open', word: 'open', help: 'open the selected battery or cell', footer: ['fleet', 'compare', 'battery'], views: ['fleet', 'compare', 'battery'] },
  { keys: ['space', 'p'], command: 'pause', word: 'play', help: 'play and pause', footer: everywhere, views: everywhere, mode: 'recording' },
  { keys: ['left'], command: 'earlier', word: '10 s back', help: 'back by 10 s', views: everywhere, mode: 'recording' },
  { keys: ['right'], command: 'later', word: '10 s on', help: 'forward by 10 s', views: everywhere, mode: 'recording' },
  { keys: ['['], command: 'muchEarlier', word: '1 min back', help: 'back by 1 min', views: everywhere, mode: 'recording' },
  { keys: [']'], command: 'muchLater', word: '1 min on', help: 'forward by 1 min', views: everywhere, mode: 'recording' },
  { keys: ['{'], command: 'farEarlier', word: '10 min back', help: 'back by 10 min', views: everywhere, mode: 'recording' },
  { keys: ['}'], command: 'farLater', word: '10 min on', help: 'forward by 10 min', views: everywhere, mode: 'recording' },
  { keys: ['>'], command: 'faster', word: 'faster', help: 'play faster, up to 64 times', footer: everywhere, views: everywhere, mode: 'recording' },
  { keys: ['<'], command: 'slower', word: 'slower', help: 'play slower, down to half', views: everywhere, mode: 'recording' },
  { keys: ['home'], command: 'earliest', word: 'start', help: 'to the start of the recording', views: everywhere, mode: 'recording' },
  { keys: ['end', '.'], command: 'latest', word: 'end', help: 'to the end of the recording', views: everywhere, mode: 'recording' },
  { keys: ['up', 'k'], command: 'up', word: 'up', help: 'up, or the cell before', views: [...scrolled, 'cell'] },
  { keys: ['down', 'j'], command: 'down', word: 'down', help: 'down, or the next cell', views: [...scrolled, 'cell'] },
  { keys: ['pageUp', 'ctrl-u', 'ctrl-b'], command: 'pageUp', word: 'page up', help: 'a page up', views: scrolled },
  { keys: ['pageDown', 'ctrl-d', 'ctrl-f'], command: 'pageDown', word: 'page down', help: 'a page down', views: scrolled },
  { keys: ['g'], command: 'first', word: 'first', help: 'to the first line', views: scrolled },
  { keys: ['G'], command: 'last', word: 'last', help: 'to the last line', views: scrolled },
  { keys: ['tab', 'n'], command: 'next', word: 'next', help: 'the next battery', footer: ['battery'], views: ofBattery },
  { keys: ['shift-tab', 'N'], command: 'previous', word: 'previous', help: 'the battery before', views: ofBattery },
  { keys: ['/'], command: 'filter', word: 'filter', help: 'show only batteries whose name, state or address has a text', footer: ['fleet'], views: ['fleet', 'compare'] },
  { keys: ['o'], command: 'order', word: 'order', help: 'sort by what needs attention, name, charge, spread or current', footer: ['fleet'], views: ['fleet', 'compare'] },
  { keys: ['c'], command: 'compare', word: 'compare', help: 'the batteries side by side', footer: ['fleet'], views: ['fleet', 'compare', 'battery'] },
  { keys: ['i'], command: 'alarms', word: 'alarms', help: 'alarms: what is wrong, since when, how often', footer: ['fleet', 'battery'], views: everywhere },
  { keys: ['x', 'enter'], command: 'acknowledge', word: 'seen', help: 'mark the alarm as seen, or not', footer: ['alarms'], views: ['alarms'] },
  { keys: ['X'], command: 'acknowledgeAll', word: 'all seen', help: 'mark every alarm as seen', footer: ['alarms'], views: ['alarms'] },
  { keys: ['f'], command: 'severity', word: 'which', help: 'show all, alarms without notices, or what is active', footer: ['alarms'], views: ['alarms'] },
  { keys: ['B'], command: 'bell', word: 'bell', help: 'sound the bell of the terminal at each new alarm', footer: ['alarms'] },
  { keys: ['u'], command: 'settings', word: 'settings', help: 'the settings of the device, and how they differ from other batteries', footer: ['battery'], views: ofBattery },
  { keys: ['l'], command: 'events', word: 'events', help: 'what has happened: states, alarms, switches, log', footer: ['fleet', 'battery'], views: everywhere },
  { keys: ['d'], command: 'raw', word: 'raw', help: 'raw fields of the record: offset, formula, bytes', footer: ['battery'], views: ofBattery },
  { keys: ['space', 'p'], command: 'pause', word: 'pause', help: 'stand still, and go on', footer: drawn, views: everywhere, mode: 'live' },
  { keys: ['left', '['], command: 'earlier', word: 'earlier', help: 'back in time: up to an hour, or further where graphs show the history', footer: drawn, views: everywhere, mode: 'live' },
  { keys: ['right', ']'], command: 'later', word: 'later', help: 'forward in time', views: everywhere, mode: 'live' },
  { keys: ['{'], command: 'muchEarlier', word: 'much earlier', help: 'back by ten times as much', views: everywhere, mode: 'live' },
  { keys: ['}'], command: 'muchLater', word: 'much later', help: 'forward by ten times as much', views: everywhere, mode: 'live' },
  { keys: ['home'], command: 'earliest', word: 'earliest', help: 'to the oldest reading that is remembered', views: everywhere, mode: 'live' },
  { keys: ['end', '.'], command: 'latest', word: 'live', help: 'back to the present', views: everywhere, mode: 'live' },
  { keys: ['a'], command: 'nextAlarm', word: 'alarm', help: 'to the next alarm', footer: everywhere, views: everywhere },
  { keys: ['A'], command: 'previousAlarm', word: 'alarm before', help: 'to the alarm before', views: everywhere },
  { keys: ['s'], command: 'nextChange', word: 'change', help: 'to the next change of a state: live, lost, mute …', footer: everywhere, views: everywhere },
  { keys: ['S'], command: 'previousChange', word: 'change before', help: 'to the change of a state before', views: everywhere },
  { keys: ['w'], command: 'widestSpread', word: 'widest', help: 'to the largest spread between cells', views: everywhere },
  { keys: ['-'], command: 'longer', word: 'longer', help: 'graphs show a longer time: up to an hour, or 30 days where there is a history', views: drawn },
  { keys: ['+', '='], command: 'shorter', word: 'shorter', help: 'graphs show a shorter time', views: drawn },
  { keys: ['y'], command: 'copy', word: 'copy', help: 'copy as JSON to the clipboard of the terminal (OSC 52)', footer: ['battery'], views: everywhere },
  { keys: ['e'], command: 'export', word: 'export', help: 'write what the graphs show into a CSV file', footer: ['battery'], views: drawn },
  { keys: ['b'], command: 'graph', word: 'graph', help: 'draw graphs with braille, blocks or ASCII' },
  { keys: ['t'], command: 'theme', word: 'theme', help: 'colours for a dark or a light background, or none' },
  { keys: ['m'], command: 'mouse', word: 'mouse', help: 'let the mouse select and scroll, or leave it to the terminal' },
  { keys: ['ctrl-l'], command: 'redraw', word: 'redraw', help: 'draw the screen again' },
  { keys: ['ctrl-z'], command: 'suspend', word: 'suspend', help: 'back to the shell; fg comes back here' },
];

/** The keys that work in a view. */
export function bindingsIn(view: ViewName, mode: Mode): readonly Binding[] {
  return bindings.filter(
    (binding) => (binding.mode ?? mode) === mode && (!binding.views || binding.views.includes(view)),
  );
}

/** What a key asks for in a view. */
export function commandOf(key: string, view: ViewName, mode: Mode): Command | undefined {
  return bindingsIn(view, mode).find(({ keys }) => keys.includes(key))?.command;
}
