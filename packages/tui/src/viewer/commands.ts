import { alarmFilters, looks, speeds, type Surroundings, type UiState } from '../keys/state.ts';
import { back, move, neighbour, open, toggle } from '../keys/move.ts';
import { at, pauseOrPlay, travel } from '../keys/time.ts';
import type { Mark } from '../model/event-log.ts';
import { orders } from '../model/order.ts';
import { graphStyles } from '../text/graph.ts';

/** What commands do beyond a change of the state. */
export interface CommandEffects {
  quit(): void;
  suspend(): void;
  redraw(): void;
  setMouse(on: boolean): void;
  copy(): void;
  exportCsv(): void;
  jump(mark: Mark, by: 1 | -1, none: string): void;
  jumpToWidestSpread(): void;
  /** Says something in the place of the keys, for a moment. */
  say(text: string): void;
}

/** A row of {@link commands}. */
interface CommandRow {
  /** What becomes of the state. */
  readonly reduce?: (state: UiState, around: Surroundings) => UiState;
  /** What happens beside that, with the state after it. */
  readonly effect?: (effects: CommandEffects, state: UiState) => void;
}

/** Everything a key can ask for. */
// A table is read by its columns:
// prettier-ignore
const commands = {
  quit: { effect: (effects) => effects.quit() },
  suspend: { effect: (effects) => effects.suspend() },
  redraw: { effect: (effects) => effects.redraw() },
  back: { reduce: (state, { mode }) => back(state, mode) },
  help: { reduce: (state) => toggle(state, 'help') },
  open: { reduce: open },
  up: { reduce: (state, around) => move(state, -1, around) },
  down: { reduce: (state, around) => move(state, 1, around) },
  pageUp: { reduce: (state, around) => move(state, -around.page, around) },
  pageDown: { reduce: (state, around) => move(state, around.page, around) },
  first: { reduce: (state, around) => move(state, -Infinity, around) },
  last: { reduce: (state, around) => move(state, Infinity, around) },
  next: { reduce: (state, around) => ({ ...state, device: neighbour(state, around, 1), cell: undefined }) },
  previous: { reduce: (state, around) => ({ ...state, device: neighbour(state, around, -1), cell: undefined }) },
  events: { reduce: (state) => toggle(state, 'events') },
  raw: { reduce: (state) => toggle(state, 'raw') },
  settings: { reduce: (state) => toggle(state, 'settings') },
  alarms: { reduce: (state) => toggle(state, 'alarms') },
  compare: { reduce: (state) => toggle(state, 'compare') },
  pause: { reduce: pauseOrPlay },
  earlier: { reduce: (state, around) => travel(state, -1, around) },
  later: { reduce: (state, around) => travel(state, 1, around) },
  muchEarlier: { reduce: (state, around) => travel(state, around.mode === 'live' ? -10 : -6, around) },
  muchLater: { reduce: (state, around) => travel(state, around.mode === 'live' ? 10 : 6, around) },
  farEarlier: { reduce: (state, around) => travel(state, -60, around) },
  farLater: { reduce: (state, around) => travel(state, 60, around) },
  earliest: { reduce: (state, around) => at(state, around.oldest, around) },
  latest: { reduce: (state, around) => at(state, around.now, around) },
  slower: { reduce: (state) => ({ ...state, speed: Math.max(0, state.speed - 1) }) },
  faster: { reduce: (state) => ({ ...state, speed: Math.min(speeds.length - 1, state.speed + 1) }) },
  shorter: { reduce: (state) => ({ ...state, window: Math.max(0, state.window - 1) }) },
  longer: { reduce: (state, { windows }) => ({ ...state, window: Math.min(windows - 1, state.window + 1) }) },
  nextAlarm: { effect: (effects) => effects.jump('alarm', 1, 'there is no later alarm') },
  previousAlarm: { effect: (effects) => effects.jump('alarm', -1, 'there is no earlier alarm') },
  nextChange: { effect: (effects) => effects.jump('state', 1, 'no state changes later') },
  previousChange: { effect: (effects) => effects.jump('state', -1, 'no state changes earlier') },
  widestSpread: { effect: (effects) => effects.jumpToWidestSpread() },
  filter: { reduce: (state) => ({ ...state, typing: true }) },
  order: {
    reduce: (state) => ({ ...state, order: after(orders, state.order) }),
    effect: (effects, { order }) => effects.say(`sorted by ${orderWords[order]}`),
  },
  acknowledge: { reduce: acknowledge },
  acknowledgeAll: { reduce: (state, { alarms }) => ({ ...state, acknowledged: new Set([...state.acknowledged, ...alarms]) }) },
  severity: {
    reduce: (state) => ({ ...state, line: 0, alarmFilter: after(alarmFilters, state.alarmFilter) }),
    effect: (effects, { alarmFilter }) => effects.say(alarmFilterWords[alarmFilter]),
  },
  bell: {
    reduce: (state) => ({ ...state, bell: !state.bell }),
    effect: (effects, { bell }) => effects.say(bell ? 'the bell sounds at each new alarm' : 'the bell is off'),
  },
  copy: { effect: (effects) => effects.copy() },
  export: { effect: (effects) => effects.exportCsv() },
  graph: {
    reduce: (state) => ({ ...state, graphStyle: after(graphStyles, state.graphStyle) }),
    effect: (effects, { graphStyle }) => effects.say(`graphs are drawn with ${graphStyle}`),
  },
  theme: {
    reduce: (state) => ({ ...state, look: after(looks, state.look) }),
    effect: (effects, { look }) => effects.say(`colours: ${look}`),
  },
  mouse: {
    reduce: (state) => ({ ...state, mouse: !state.mouse }),
    effect: (effects, { mouse }) => {
      effects.setMouse(mouse);
      effects.say(mouse ? 'the mouse selects; m leaves it to the terminal' : 'the mouse is left to the terminal');
    },
  },
} as const satisfies Readonly<Record<string, CommandRow>>;

export type Command = keyof typeof commands;

/** A row of {@link commands}, with all that a row may have. */
export function commandRow(command: Command): CommandRow {
  return commands[command];
}

const orderWords = {
  worst: 'what needs attention first',
  name: 'name',
  charge: 'charge, the lowest first',
  spread: 'spread of the cells, the widest first',
  current: 'current, the strongest first',
} as const;

const alarmFilterWords = {
  all: 'all alarms and notices, also those that are over',
  alarms: 'only alarms, without notices',
  active: 'what is active now',
} as const;

/** Marks the selected alarm as seen, or takes that back. */
function acknowledge(state: UiState, { alarms }: Surroundings): UiState {
  const key = alarms[state.line];
  if (key === undefined) return state;
  const acknowledged = new Set(state.acknowledged);
  if (!acknowledged.delete(key)) acknowledged.add(key);
  return { ...state, acknowledged };
}

function after<Value>(all: readonly Value[], value: Value): Value {
  const [first] = all;
  return all[all.indexOf(value) + 1] ?? first ?? value;
}
