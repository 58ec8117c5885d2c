import type { BatteryStatus } from '@ubmsc/session';
import type { Mode, ViewName } from '../keys/bindings.ts';
import { selectedDevice, windowOf, type UiState } from '../keys/state.ts';
import type { Watch } from '../model/watch.ts';
import { fit, span, wrap, type Line } from '../text/line.ts';
import { cellAt, cellColumns, cellsView } from './cells.ts';
import { cellView } from './cell.ts';
import { footer, header, statusLines, type Banners } from './edges.ts';
import { eventsPane, eventsView } from './events.ts';
import { factsHeight, factsView } from './facts.ts';
import { batteryInLine, fleetLines, fleetView, nameOf } from './fleet.ts';
import { shownReading, type Shown as ShownReading } from './freshness.ts';
import { graphsView } from './graphs.ts';
import { helpView } from './help.ts';
import { batteryLayout, smallest, type BatteryLayout, type Pane } from './layout.ts';
import { fill } from './list.ts';
import { momentAt, progressLine, type Progress } from './progress.ts';
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
  /** Of a recording: what was done to it, and where in it one is, once that is known. */
  readonly recording:
    { readonly treatment: Banners['recording']; readonly progress: Progress | undefined } | undefined;
}

/** Lines above and below the panes, and one more for the position in a recording. */
const EDGES = 2;

/** The room between header and footer, which the panes have; less by one line below a state. */
export function bodyRoom({ width, height }: Room, mode: Mode): Room {
  return { width, height: Math.max(1, height - EDGES - (mode === 'recording' ? 1 : 0)) };
}

export function compose(shown: Shown, room: Room): Composition {
  if (room.width < smallest.width || room.height < smallest.height) return tooSmall(room);
  const { state, watch, scene, statuses, notice, recording } = shown;
  const mode = modeOf(shown);
  const device = selectedDevice(
    state,
    statuses.map((status) => status.device),
  );
  const status = statuses.find((each) => each.device === device);
  const simulated = isOfOne(state) ? status?.simulated === true : statuses.some((each) => each.simulated);
  const behind = watch.source.now() - scene.now;
  const head = header(
    breadcrumbs(state, status),
    { simulated, behind, recording: recording?.treatment },
    scene,
    room.width,
  );
  const foot = notice ?? (state.typing ? filterLine(state) : footer(state.view, mode, room.width));
  const { lines, columns } = body(shown, status, bodyRoom(room, mode));
  const position = recording
    ? [recording.progress ? progressLine(recording.progress, room.width) : fit([], room.width)]
    : [];
  return { head: [head, ...lines], columns, foot: [...position, fit(foot, room.width)] };
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

function modeOf({ recording }: Shown): Mode {
  return recording ? 'recording' : 'live';
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
  if (view === 'help') return onePane(helpView(path[0] ?? 'fleet', modeOf(shown), scroll, room), room);
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

/** What can be pointed at. */
export type Target =
  | { readonly kind: 'battery'; readonly device: string }
  | { readonly kind: 'cell'; readonly cell: number }
  | { readonly kind: 'moment'; readonly time: number };

/** What stands at a place of the terminal, in columns and rows from 0. */
export function targetAt(shown: Shown, room: Room, column: number, row: number): Target | undefined {
  const { state, scene, statuses, recording } = shown;
  if (recording?.progress && row === room.height - 2) {
    const time = momentAt(column, recording.progress, room.width);
    return time === undefined ? undefined : { kind: 'moment', time };
  }
  const inside = bodyRoom(room, modeOf(shown));
  const device = selectedDevice(
    state,
    statuses.map((each) => each.device),
  );
  const status = statuses.find((each) => each.device === device);
  if (!status) return undefined;
  if (state.view === 'fleet') {
    const height = listHeight(statuses, status, inside);
    const pointed = batteryInLine(row - 1, statuses, status, { width: inside.width, height });
    return pointed && { kind: 'battery', device: pointed.device };
  }
  const reading = shownReading(status, scene.now);
  if (state.view !== 'battery' || !reading) return undefined;
  const above = statusLines(status, scene, inside.width).length;
  const rest = { width: inside.width, height: inside.height - above };
  let left = 0;
  for (const { width, panes } of layoutOf(reading, rest)) {
    let top = 1 + above;
    for (const { pane, height } of panes) {
      const cells = reading.reading.cellVoltage.length;
      const cell =
        pane === 'cells' && column < left + width
          ? cellAt(row - top, column - left, cells, { width, height })
          : undefined;
      if (cell !== undefined && column >= left) return { kind: 'cell', cell };
      top += height;
    }
    left += width + 1;
  }
  return undefined;
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
  const history = watch.history(status.device);
  const views: Readonly<Record<Pane, (own: Room) => Line[]>> = {
    cells: (own) => cellsView(reading, own, state.cell),
    facts: (own) => factsView(status, reading, meanCurrent(shown, status), own),
    graphs: (own) => graphsView(history, windowOf(state), scene, own),
    events: (own) => eventsPane(events, false, own),
  };
  return layoutOf(reading, room).map(({ width, panes }) => {
    const used = panes.reduce((sum, { height }) => sum + height, 0);
    const lines = panes.map(({ pane, height }) => fill(views[pane]({ width, height }), { width, height }));
    return { width, panes: [...lines, fill([], { width, height: room.height - used })] };
  });
}

function layoutOf({ reading }: ShownReading, room: Room): BatteryLayout {
  const count = reading.cellVoltage.length;
  return batteryLayout(room, {
    factLines: (width) => factsHeight(reading, width),
    cellLines: (own) => 1 + Math.max(1, Math.ceil(count / cellColumns(count, own))),
  });
}

/** Over this time the current is averaged to look ahead, in milliseconds. */
const AHEAD = 60_000;

function meanCurrent({ watch, scene }: Shown, { device, reading }: BatteryStatus): number | null {
  const [bucket] = watch.history(device)?.quantity('batteryCurrent', scene.now - AHEAD, scene.now, 1) ?? [];
  return bucket?.mean ?? reading?.batteryCurrent ?? null;
}
