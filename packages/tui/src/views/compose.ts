import type { BatteryStatus } from '@ubmsc/protocol';
import type { ViewName } from '../keys/bindings.ts';
import { selectedDevice, windowOf, type UiState } from '../keys/state.ts';
import type { Watch } from '../model/watch.ts';
import { fit, span, wrap, type Line } from '../text/line.ts';
import { cellColumns, cellsView } from './cells.ts';
import { cellView } from './cell.ts';
import { footer, header, statusLines } from './edges.ts';
import { eventsPane, eventsView } from './events.ts';
import { factsHeight, factsView } from './facts.ts';
import { batteryInLine, fleetLines, fleetView, nameOf } from './fleet.ts';
import { shownReading } from './freshness.ts';
import { graphsView } from './graphs.ts';
import { helpView } from './help.ts';
import { batteryLayout, smallest, type Pane } from './layout.ts';
import { fill } from './list.ts';
import { rawFieldsView } from './raw-fields.ts';
import type { Room, Scene } from './view.ts';

/** What stands on the terminal: lines above and below, and between them columns of panes. */
export interface Composition {
  readonly head: readonly Line[];
  readonly columns: readonly { readonly width: number; readonly panes: readonly (readonly Line[])[] }[];
  readonly foot: readonly Line[];
}

/** What a composition is made from. */
export interface Shown {
  readonly state: UiState;
  readonly watch: Watch;
  readonly scene: Scene;
  /** The batteries that the filter lets through, as they are at the moment that is shown. */
  readonly statuses: readonly BatteryStatus[];
  /** Said instead of the keys, for a moment. */
  readonly notice: Line | undefined;
  /** Said while there are no batteries. */
  readonly opening: string;
}

/** Lines above and below the panes. */
const EDGES = 2;

/** The room between header and footer, which the panes have; less by one line below a state. */
export function bodyRoom({ width, height }: Room): Room {
  return { width, height: Math.max(1, height - EDGES) };
}

export function compose(shown: Shown, room: Room): Composition {
  if (room.width < smallest.width || room.height < smallest.height) return tooSmall(room);
  const { state, watch, scene, statuses, notice } = shown;
  const device = selectedDevice(
    state,
    statuses.map((status) => status.device),
  );
  const status = statuses.find((each) => each.device === device);
  const simulated = isOfOne(state) ? status?.simulated === true : statuses.some((each) => each.simulated);
  const behind = watch.source.now() - scene.now;
  const head = header(breadcrumbs(state, status), { simulated, behind }, scene, room.width);
  const foot = notice ?? (state.typing ? filterLine(state) : footer(state.view, room.width));
  const { lines, columns } = body(shown, status, bodyRoom(room));
  return { head: [head, ...lines], columns, foot: [fit(foot, room.width)] };
}

/** The lines of a composition, columns side by side. */
export function linesOf({ head, columns, foot }: Composition): Line[] {
  const beside = columns.map(({ panes }) => panes.flat());
  const height = Math.max(0, ...beside.map((lines) => lines.length));
  const middle = Array.from({ length: height }, (_, row) =>
    beside.flatMap((lines, column): Line => [...(column === 0 ? [] : [span(' ')]), ...(lines[row] ?? [])]),
  );
  return [...head, ...middle, ...foot];
}

function tooSmall({ width, height }: Room): Composition {
  const text = `ubmsc needs ${smallest.width}×${smallest.height}, this terminal has ${width}×${height}`;
  const head = wrap(text, width).slice(0, height);
  return { head: head.map((line) => fit([span(line)], width)), columns: [], foot: [] };
}

/** Whether everything that is shown is of one battery. */
export function isOfOne({ view, path }: Pick<UiState, 'view' | 'path'>): boolean {
  return view === 'battery' || path.includes('battery');
}

function breadcrumbs({ view, cell, path }: UiState, status: BatteryStatus | undefined): string[] {
  const own = new Set([view, ...path]);
  const names: string[] = [];
  if (status && own.has('battery')) names.push(nameOf(status, 30));
  if (own.has('cell') && cell !== undefined) names.push(`cell ${cell}`);
  const last: Partial<Record<ViewName, string>> = {
    fleet: 'batteries',
    raw: 'raw fields',
    events: 'events',
    help: 'keys',
  };
  const name = last[view];
  return name === undefined ? names : [...names, name];
}

function filterLine({ filter }: UiState): Line {
  return [span(' /', 'accent'), span(filter), span('_', 'dim'), span('  enter keeps it, esc ends it', 'dim')];
}

type Columns = Composition['columns'];

/** What stands between header and footer. */
interface Body {
  /** Lines above the panes. */
  readonly lines: readonly Line[];
  readonly columns: Columns;
}

function body(shown: Shown, status: BatteryStatus | undefined, room: Room): Body {
  const { state, watch, scene } = shown;
  const { view, path, scroll } = state;
  if (view === 'help') return onePane(helpView(path[0] ?? 'fleet', scroll, room), room);
  if (view === 'fleet') return onePane(fleetPane(shown, status, room), room);
  if (view === 'events') {
    const device = isOfOne(state) ? status?.device : undefined;
    const events = watch.events.of(device, scene.now);
    return onePane(eventsView(events, device === undefined, scroll, room), room);
  }
  if (!status) return onePane([], room);
  if (view === 'raw') return onePane(rawFieldsView(status, scroll, room), room);
  const lines = statusLines(status, scene, room.width);
  const rest = { width: room.width, height: room.height - lines.length };
  return {
    lines,
    columns: view === 'cell' ? cellPane(shown, status, rest) : batteryPanes(shown, status, rest),
  };
}

function onePane(lines: readonly Line[], room: Room): Body {
  return { lines: [], columns: [{ width: room.width, panes: [fill(lines, room)] }] };
}

function fleetPane(
  { state, watch, scene, statuses, opening }: Shown,
  status: BatteryStatus | undefined,
  room: Room,
): Line[] {
  if (statuses.length === 0) {
    const filtered = watch.source.statuses.length > 0;
    const words = filtered
      ? `no battery has ${JSON.stringify(state.filter)} in its name, address or state`
      : opening;
    const heading = fleetView([], undefined, scene, room);
    return [...heading.slice(0, 1), [], [span(`  ${words}`, 'dim')]];
  }
  const height = listHeight(statuses, status, room);
  const list = fleetView(statuses, status?.device, scene, { width: room.width, height });
  const events = { width: room.width, height: room.height - height - 1 };
  if (events.height < 1) return list;
  return [...list, [], ...eventsPane(watch.events.of(undefined, scene.now), true, events)];
}

/** Fewest lines of events below a list. */
const LEAST_EVENTS = 4;

/** Lines of the list of batteries: as many as it needs, or all that there are. */
function listHeight(
  statuses: readonly BatteryStatus[],
  selected: BatteryStatus | undefined,
  room: Room,
): number {
  const wanted = fleetLines(statuses, selected, room.width);
  return room.height - wanted - 1 >= LEAST_EVENTS ? wanted : room.height;
}

/** The battery of the list that stands in a row of the terminal, from 0. */
export function batteryInRow(
  row: number,
  statuses: readonly BatteryStatus[],
  selected: BatteryStatus | undefined,
  room: Room,
): BatteryStatus | undefined {
  const inside = bodyRoom(room);
  const height = listHeight(statuses, selected, inside);
  return batteryInLine(row - 1, statuses, selected, { width: inside.width, height });
}

function cellPane({ state, watch, scene }: Shown, status: BatteryStatus, room: Room): Columns {
  const reading = shownReading(status, scene.now);
  if (!reading) return onePane([], room).columns;
  const history = watch.history(status.device);
  return onePane(cellView(reading, state.cell ?? 0, history, windowOf(state), scene, room), room).columns;
}

function batteryPanes(shown: Shown, status: BatteryStatus, room: Room): Columns {
  const { state, watch, scene } = shown;
  const reading = shownReading(status, scene.now);
  const events = watch.events.of(status.device, scene.now);
  if (!reading) return onePane(eventsView(events, false, 0, room), room).columns;
  const count = reading.reading.cellVoltage.length;
  const layout = batteryLayout(room, {
    factLines: (width) => factsHeight(reading.reading, width),
    cellLines: (own) => 1 + Math.max(1, Math.ceil(count / cellColumns(count, own))),
  });
  const history = watch.history(status.device);
  const views: Readonly<Record<Pane, (own: Room) => Line[]>> = {
    cells: (own) => cellsView(reading, own, state.cell),
    facts: (own) => factsView(status, reading, meanCurrent(shown, status), own),
    graphs: (own) => graphsView(history, windowOf(state), scene, own),
    events: (own) => eventsPane(events, false, own),
  };
  return layout.map(({ width, panes }) => {
    const used = panes.reduce((sum, { height }) => sum + height, 0);
    const lines = panes.map(({ pane, height }) => fill(views[pane]({ width, height }), { width, height }));
    return { width, panes: [...lines, fill([], { width, height: room.height - used })] };
  });
}

/** Over this time the current is averaged to look ahead, in milliseconds. */
const AHEAD = 60_000;

function meanCurrent({ watch, scene }: Shown, { device, reading }: BatteryStatus): number | null {
  const [bucket] = watch.history(device)?.quantity('batteryCurrent', scene.now - AHEAD, scene.now, 1) ?? [];
  return bucket?.mean ?? reading?.batteryCurrent ?? null;
}
