import type { Mode, ViewName } from '../keys/view-name.ts';
import { selectedDevice, windowOf, type UiState } from '../keys/state.ts';
import { pastCell } from '../model/past.ts';
import { sags } from '../model/sag.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { fit, span, wrap, type Line } from '../text/line.ts';
import { alarmsView } from './alarms.ts';
import { batteryPanes, onePane } from './battery.ts';
import { cellView, type CellShown } from './cell.ts';
import { compareView } from './compare.ts';
import type { Composition } from './composition.ts';
import { footer, header, statusLines } from './edges.ts';
import { eventsPane, eventsView } from './events.ts';
import { fleetLines, fleetView, nameOf, type FleetShown } from './fleet.ts';
import { shownReading } from './freshness.ts';
import { helpView } from './help.ts';
import { smallest } from './layout.ts';
import { momentAt, progressLine } from './progress.ts';
import { rawFieldsView } from './raw-fields.ts';
import { settingsInFile, settingsView, type OtherSettings } from './settings.ts';
import type { Shown } from './shown.ts';
import type { Pane, Room } from './view.ts';
import { recentWindows } from './windows.ts';

/** Lines above and below the panes, and one more for the position in a recording. */
const EDGES = 2;

/** From this width on, the selected battery stands beside the list. */
const BESIDE = 190;

/** The room between header and footer, which the panes have; less by one line below a state. */
export function bodyRoom({ width, height }: Room, mode: Mode): Room {
  return { width, height: Math.max(1, height - EDGES - (mode === 'recording' ? 1 : 0)) };
}

export function compose(shown: Shown, room: Room): Composition {
  const { width } = room;
  if (width < smallest.width || room.height < smallest.height) return tooSmall(room);
  const { state, watch, scene, statuses, notice, recording } = shown;
  const mode = modeOf(shown);
  const status = selectedStatus(shown);
  const simulated = isOfOne(state) ? status?.simulated === true : statuses.some((each) => each.simulated);
  const behind = watch.source.now() - scene.now;
  const head = header(
    breadcrumbs(state, status),
    { simulated, behind, recording: recording?.treatment },
    scene,
    width,
  );
  const lines = hasStatusLines(state.view) && status ? statusLines(status, scene, width) : [];
  const { height } = bodyRoom(room, mode);
  const keys = notice ?? (state.typing ? filterLine(state) : footer(state.view, mode, width));
  return {
    head: { width, lines: [head, ...lines] },
    columns: body(shown, status, { width, height: height - lines.length }),
    foot: footPane(shown, fit(keys, width), width),
  };
}

/** The position in a recording, and the keys. */
function footPane({ recording }: Shown, keys: Line, width: number): Pane {
  if (!recording) return { width, lines: [keys] };
  const { progress } = recording;
  if (!progress) return { width, lines: [fit([], width), keys] };
  return {
    width,
    lines: [progressLine(progress, width), keys],
    hit: (column, line) => {
      const time = line === 0 ? momentAt(column, progress, width) : undefined;
      return time === undefined ? undefined : { kind: 'moment', time };
    },
  };
}

function modeOf({ recording }: Shown): Mode {
  return recording ? 'recording' : 'live';
}

function tooSmall({ width, height }: Room): Composition {
  const text = `ubmsc needs ${smallest.width}×${smallest.height}, this terminal has ${width}×${height}`;
  const lines = wrap(text, width).slice(0, height);
  return {
    head: { width, lines: lines.map((line) => fit([span(line)], width)) },
    columns: [],
    foot: { width, lines: [] },
  };
}

/** Whether everything that is shown is of one battery. */
export function isOfOne({ view, path }: Pick<UiState, 'view' | 'path'>): boolean {
  return view === 'battery' || path.includes('battery');
}

function hasStatusLines(view: ViewName): boolean {
  return view === 'battery' || view === 'cell';
}

function selectedStatus({ state, statuses }: Shown): WatchedStatus | undefined {
  const device = selectedDevice(
    state,
    statuses.map((status) => status.device),
  );
  return statuses.find((each) => each.device === device);
}

const viewNames: Partial<Record<ViewName, string>> = {
  fleet: 'batteries',
  compare: 'comparison',
  alarms: 'alarms',
  settings: 'settings',
  raw: 'raw fields',
  events: 'events',
  help: 'keys',
};

function breadcrumbs({ view, cell, path, filter }: UiState, status: WatchedStatus | undefined): string[] {
  const own = new Set([view, ...path]);
  const names: string[] = [];
  if (filter !== '') names.push(`/${filter}`);
  if (status && own.has('battery')) names.push(nameOf(status, 30));
  if (own.has('cell') && cell !== undefined) names.push(`cell ${cell + 1}`);
  const name = viewNames[view];
  return name === undefined ? names : [...names, name];
}

function filterLine({ filter }: UiState): Line {
  return [span(' /', 'accent'), span(filter), span('_', 'dim'), span('  enter keeps it, esc ends it', 'dim')];
}

function body(shown: Shown, status: WatchedStatus | undefined, room: Room): Composition['columns'] {
  const { state, watch, scene, statuses } = shown;
  const { view, path, scroll } = state;
  switch (view) {
    case 'help':
      return onePane(helpView(path[0] ?? 'fleet', modeOf(shown), scroll, room), room);
    case 'fleet':
      return fleetColumns(shown, status, room);
    case 'compare': {
      const selected = status?.device;
      const since = scene.now - windowOf(state) * 1000;
      const sagsOf = ({ device, reading }: WatchedStatus): ReturnType<typeof sags> =>
        sags(watch.history(device), reading?.cellVoltage.length ?? 0, since, scene.now);
      return onePane(compareView({ statuses, selected, sags: sagsOf }, scene, room), room);
    }
    case 'alarms': {
      const { acknowledged, alarmFilter: filter, bell, line } = state;
      const own = {
        entries: shown.alarms,
        logbook: shown.logbook,
        named: !isOfOne(state),
        selected: line,
        acknowledged,
        filter,
        bell,
      };
      return onePane(alarmsView(own, scene, room), room);
    }
    case 'events': {
      const device = isOfOne(state) ? status?.device : undefined;
      const events = watch.events.of(device, scene.now);
      return onePane(eventsView(events, device === undefined, scroll, scene, room), room);
    }
    case 'settings':
      return onePane(settingsPane(shown, status, room), room);
    case 'raw':
      return onePane(status ? rawFieldsView(status, scroll, room) : [], room);
    case 'battery':
      return status ? batteryPanes(shown, status, room) : onePane([], room);
    case 'cell':
      return onePane(status ? cellLines(shown, status, room) : [], room);
  }
}

function cellLines({ state, watch, scene, limits, past }: Shown, status: WatchedStatus, room: Room): Line[] {
  const reading = shownReading(status, scene.now);
  if (!reading) return [];
  const { device } = status;
  const cell = state.cell ?? 0;
  const own = { history: watch.history(device), limits: limits(device), seconds: windowOf(state) };
  const earlier: CellShown['earlier'] =
    past && state.window >= recentWindows
      ? (name, stretch) => pastCell(past, status, name, cell, stretch)
      : undefined;
  return cellView({ ...reading, ...own, cell, earlier }, scene, room);
}

function settingsPane(
  { state, statuses, settings, settingsFile }: Shown,
  status: WatchedStatus | undefined,
  room: Room,
): Pane {
  const own = status && settings(status.device);
  const others = statuses.flatMap((other): OtherSettings[] => {
    const theirs = other.device === status?.device ? undefined : settings(other.device);
    return theirs ? [{ name: nameOf(other, 14), values: theirs.values }] : [];
  });
  const earlier = settingsFile && status && own && settingsInFile(settingsFile, status, own);
  return settingsView(own, earlier ? [earlier, ...others] : others, state.scroll, room);
}

/** The list, on a wide terminal with the selected battery beside it. */
function fleetColumns(shown: Shown, status: WatchedStatus | undefined, room: Room): Composition['columns'] {
  if (room.width < BESIDE || !status?.reading) return onePane(fleetPane(shown, status, room), room);
  const width = Math.floor(room.width / 2);
  const beside = { width: room.width - width - 1, height: room.height };
  return [
    ...onePane(fleetPane(shown, status, { width, height: room.height }), { width, height: room.height }),
    ...batteryPanes(shown, status, beside),
  ];
}

function fleetPane(shown: Shown, status: WatchedStatus | undefined, room: Room): Pane {
  const { state, watch, scene, statuses, opening, limits } = shown;
  const note = [
    state.order === 'worst' ? '' : `by ${state.order}`,
    state.filter === '' ? '' : `only ${JSON.stringify(state.filter)}, esc shows all`,
  ];
  const list: FleetShown = {
    statuses,
    selected: status?.device,
    limits,
    note: note.filter((each) => each !== '').join(', '),
  };
  if (statuses.length === 0) {
    const filtered = watch.source.statuses.length > 0;
    const words = filtered
      ? `no battery has ${JSON.stringify(state.filter)} in its name, address or state; esc shows all`
      : opening;
    const heading = fleetView(list, scene, room).lines.slice(0, 1);
    const sentence = wrap(words, room.width - 4).map((line): Line => [span(`  ${line}`, 'dim')]);
    return { width: room.width, lines: [...heading, [], ...sentence] };
  }
  const wanted = fleetLines(list, scene, room.width);
  const height = room.height - wanted - 1 >= LEAST_EVENTS ? wanted : room.height;
  const pane = fleetView(list, scene, { width: room.width, height });
  const events = { width: room.width, height: room.height - height - 1 };
  if (events.height < 1) return pane;
  const below = eventsPane(watch.events.of(undefined, scene.now), true, scene, events);
  return { ...pane, lines: [...pane.lines, [], ...below] };
}

/** Fewest lines of events below a list. */
const LEAST_EVENTS = 4;
