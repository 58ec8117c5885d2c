import { ahead } from '../model/ahead.ts';
import type { Quantity } from '../model/history.ts';
import { pastQuantity, type PastStretch } from '../model/past.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { windowOf } from '../keys/state.ts';
import { cellColumns, cellsView } from './cells.ts';
import type { Composition } from './composition.ts';
import { eventsPane, eventsView } from './events.ts';
import { factsHeight, factsView, type FactsShown } from './facts.ts';
import { shownReading } from './freshness.ts';
import { graphsView } from './graphs.ts';
import { heatView } from './heat.ts';
import { batteryLayout, type PaneName } from './layout.ts';
import { fill } from './list.ts';
import type { Shown } from './shown.ts';
import type { Pane, Room } from './view.ts';
import { recentWindows } from './windows.ts';

/** The panes of one battery in a room; without a reading, what has happened until now. */
export function batteryPanes(shown: Shown, status: WatchedStatus, room: Room): Composition['columns'] {
  const { state, watch, scene, past } = shown;
  const reading = shownReading(status, scene.now);
  const events = watch.events.of(status.device, scene.now);
  const history = watch.history(status.device);
  const seconds = windowOf(state);
  // What is remembered is enough for short graphs.
  const earlier =
    past && state.window >= recentWindows
      ? (quantity: Quantity, stretch: PastStretch) => pastQuantity(past, status, quantity, stretch)
      : undefined;
  if (!reading && earlier) return onePane(graphsView(history, seconds, scene, room, earlier), room);
  if (!reading) return onePane(eventsView(events, false, 0, scene, room), room);
  const limits = shown.limits(status.device);
  const facts: FactsShown = {
    ...reading,
    status,
    limits,
    ahead: ahead(reading.reading, history, scene.now),
  };
  const count = reading.reading.cellVoltage.length;
  const cells = { ...reading, limits, characters: scene.characters, selected: state.cell };
  const views: Readonly<Record<PaneName, (own: Room) => Pane>> = {
    cells: (own) => cellsView(cells, own),
    heat: (own) => ({ width: own.width, lines: heatView(history, count, seconds, scene, own) }),
    facts: (own) => ({ width: own.width, lines: factsView(facts, scene, own) }),
    graphs: (own) => ({ width: own.width, lines: graphsView(history, seconds, scene, own, earlier) }),
    events: (own) => ({ width: own.width, lines: eventsPane(events, false, scene, own) }),
  };
  const layout = batteryLayout(room, {
    factLines: (width) => factsHeight(facts, scene.now, width),
    cellLines: (own) => 1 + Math.max(1, Math.ceil(count / cellColumns(count, own))),
  });
  return layout.map(({ width, panes }) => {
    const used = panes.reduce((sum, { height }) => sum + height, 0);
    const filled = panes.map(({ pane, height }): Pane => {
      const view = views[pane]({ width, height });
      return { ...view, lines: fill(view.lines, { width, height }) };
    });
    const rest = { width, height: room.height - used };
    return { width, panes: rest.height > 0 ? [...filled, { width, lines: fill([], rest) }] : filled };
  });
}

/** One pane that takes all of the room. */
export function onePane(content: Pane | Pane['lines'], room: Room): Composition['columns'] {
  const pane: Pane = 'lines' in content ? content : { width: room.width, lines: content };
  return [{ width: room.width, panes: [{ ...pane, width: room.width, lines: fill(pane.lines, room) }] }];
}
