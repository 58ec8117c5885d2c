import type { Room } from './view.ts';

/** Smallest terminal that shows anything but a sentence. */
export const smallest = { width: 60, height: 15 } as const;

/** From these widths on, the panes of a battery stand in two and in three columns. */
const WIDE = 108;
const WIDEST = 165;

/** Fewest lines of the graphs that are worth their room: a title and one line for each. */
const LEAST_GRAPHS = 5;

/** Most lines of the graphs beside other panes: more would say no more. */
const MOST_GRAPHS = 17;

/** Fewest lines of events that are worth their room: a title and one event. */
const LEAST_EVENTS = 2;

/** So many lines of facts come before graphs. */
const ENOUGH_FACTS = 7;

/** Fewest lines of facts: title, power, charge, alarm. */
const LEAST_FACTS = 4;

/** Columns side by side, each with panes from top to bottom; a pane without room is left out. */
export type BatteryLayout = readonly {
  readonly width: number;
  readonly panes: readonly { readonly pane: PaneName; readonly height: number }[];
}[];

export type PaneName = 'cells' | 'heat' | 'facts' | 'graphs' | 'events';

/** What the panes would like to have. */
export interface Wishes {
  /** How many lines facts have in a width, with the title. */
  readonly factLines: (width: number) => number;
  /** How many lines cells need in a room, with the title. */
  readonly cellLines: (room: Room) => number;
}

/**
 * Shares out the room. As it gets smaller, events go first, then graphs, then facts down to power, charge and alarms;
 * cells stay to the end.
 */
export function batteryLayout(room: Room, wishes: Wishes): BatteryLayout {
  if (room.width >= WIDEST) return widestLayout(room, wishes);
  return room.width >= WIDE ? wideLayout(room, wishes) : narrowLayout(room, wishes);
}

function widestLayout({ width, height }: Room, { factLines, cellLines }: Wishes): BatteryLayout {
  const left = Math.min(84, Math.floor(width * 0.38));
  const middle = Math.min(64, Math.floor((width - left - 2) / 2));
  const right = width - left - middle - 2;
  const cells = Math.min(height, cellLines({ width: left, height }));
  const facts = Math.min(height, factLines(middle));
  const isWorth = (lines: number): number => (lines < LEAST_EVENTS ? 0 : lines);
  const middleEvents = isWorth(height - facts);
  return [
    { width: left, panes: panes(['cells', cells], ['heat', height - cells >= cells ? cells : 0]) },
    { width: middle, panes: panes(['facts', facts], ['events', middleEvents]) },
    { width: right, panes: panes(['graphs', height]) },
  ];
}

function wideLayout({ width, height }: Room, { factLines, cellLines }: Wishes): BatteryLayout {
  const left = Math.min(64, Math.floor((width - 1) / 2));
  const cells = Math.min(height, cellLines({ width: left, height }));
  const below = height - cells < LEAST_EVENTS ? 0 : height - cells;
  const right = share(height, factLines(width - left - 1));
  return [
    { width: left, panes: panes(['cells', cells], ['events', below]) },
    {
      width: width - left - 1,
      panes: panes(
        ['facts', right.facts],
        ['graphs', below === 0 ? right.graphs : right.graphs + right.events],
        ['events', below === 0 ? right.events : 0],
      ),
    },
  ];
}

function narrowLayout({ width, height }: Room, { factLines, cellLines }: Wishes): BatteryLayout {
  const facts = factLines(width);
  // Cells stand side by side rather than cost the graphs their room.
  const room = { width, height: Math.max(height - ENOUGH_FACTS - LEAST_GRAPHS, Math.floor(height / 2)) };
  const cells = Math.min(height - LEAST_FACTS, cellLines(room));
  const rest = share(height - cells, facts);
  return [
    {
      width,
      panes: panes(['facts', rest.facts], ['cells', cells], ['graphs', rest.graphs], ['events', rest.events]),
    },
  ];
}

/** The room that cells leave. Facts of little weight give way to graphs. */
function share(
  room: number,
  wished: number,
): { readonly facts: number; readonly graphs: number; readonly events: number } {
  const hasGraphs = room >= ENOUGH_FACTS + LEAST_GRAPHS;
  const facts = Math.min(wished, hasGraphs ? room - LEAST_GRAPHS : room);
  const left = room - facts;
  // A title, and the same number of lines for each of four graphs.
  const graphs = left < LEAST_GRAPHS ? 0 : Math.min(MOST_GRAPHS, left - ((left - 1) % 4));
  const events = left - graphs < LEAST_EVENTS ? 0 : left - graphs;
  return { facts, graphs, events };
}

function panes(
  ...all: readonly (readonly [PaneName, number])[]
): { readonly pane: PaneName; readonly height: number }[] {
  return all.filter(([, height]) => height > 0).map(([pane, height]) => ({ pane, height }));
}
