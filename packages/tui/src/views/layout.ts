import type { Room } from './view.ts';

/** Smallest terminal that shows anything but a sentence. */
export const smallest = { width: 60, height: 15 } as const;

/** From this width on, the cells of a battery stand beside the rest. */
const WIDE = 96;

/** Fewest lines of the graphs that are worth their room: a title and one line for each. */
const LEAST_GRAPHS = 5;

/** Most lines of the graphs: more would say no more. */
const MOST_GRAPHS = 17;

/** Fewest lines of events that are worth their room: a title and one event. */
const LEAST_EVENTS = 2;

/** Fewest lines of facts: title, power, charge, alarm. */
const LEAST_FACTS = 4;

/** Columns side by side, each with panes from top to bottom; a pane without room is left out. */
export type BatteryLayout = readonly {
  readonly width: number;
  readonly panes: readonly { readonly pane: Pane; readonly height: number }[];
}[];

export type Pane = 'cells' | 'facts' | 'graphs' | 'events';

/** What the panes would like to have. */
export interface Wishes {
  /** Lines of the facts, with the title. */
  readonly facts: number;
  /** How many lines cells need in a width, with the title. */
  readonly cellLines: (room: Room) => number;
}

/**
 * Shares out the room. As it gets smaller, events go first, then graphs, then facts down to power, charge and alarms;
 * cells stay to the end.
 */
export function batteryLayout({ width, height }: Room, wishes: Wishes): BatteryLayout {
  return width >= WIDE ? wideLayout({ width, height }, wishes) : narrowLayout({ width, height }, wishes);
}

function wideLayout({ width, height }: Room, { facts, cellLines }: Wishes): BatteryLayout {
  const left = Math.min(64, Math.floor((width - 1) / 2));
  const cells = Math.min(height, cellLines({ width: left, height }));
  const factsHeight = Math.min(facts, height);
  const [graphs, beside] = share(height - factsHeight, LEAST_GRAPHS, MOST_GRAPHS);
  const below = height - cells;
  return [
    { width: left, panes: panes(['cells', cells], ['events', below >= LEAST_EVENTS ? below : 0]) },
    {
      width: width - left - 1,
      panes: panes(
        ['facts', factsHeight],
        ['graphs', graphs],
        ['events', below >= LEAST_EVENTS ? 0 : beside],
      ),
    },
  ];
}

function narrowLayout({ width, height }: Room, { facts, cellLines }: Wishes): BatteryLayout {
  const cells = Math.min(
    height - LEAST_FACTS,
    cellLines({ width, height: height - Math.min(facts, Math.ceil(height / 2)) }),
  );
  const factsHeight = Math.min(facts, height - cells);
  const [graphs, events] = share(height - cells - factsHeight, LEAST_GRAPHS, MOST_GRAPHS);
  return [
    { width, panes: panes(['facts', factsHeight], ['cells', cells], ['graphs', graphs], ['events', events]) },
  ];
}

/** The room between graphs and events. */
function share(room: number, least: number, most: number): [graphs: number, events: number] {
  if (room < least) return [0, room >= LEAST_EVENTS ? room : 0];
  // A title, and the same number of lines for each of four graphs.
  const graphs = Math.min(most, room - ((room - 1) % 4));
  const rest = room - graphs;
  return rest >= LEAST_EVENTS ? [graphs, rest] : [graphs, 0];
}

function panes(
  ...all: readonly (readonly [Pane, number])[]
): { readonly pane: Pane; readonly height: number }[] {
  return all.filter(([, height]) => height > 0).map(([pane, height]) => ({ pane, height }));
}
