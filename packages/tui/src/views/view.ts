import type { GraphStyle } from '../text/graph.ts';
import type { Line } from '../text/line.ts';
import type { Characters } from '../text/signs.ts';

/** What every view has to know of the moment and of the terminal. */
export interface Scene {
  readonly graphStyle: GraphStyle;
  readonly characters: Characters;
  /** The moment that is shown, by the source's clock. */
  readonly now: number;
  /** The same by the wall clock, in milliseconds since 1970-01-01 UTC. */
  readonly wall: number;
  /** Whether the moment stands still. */
  readonly paused: boolean;
}

/** Room for a view, in columns and lines. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** What can be pointed at. */
export type Target =
  | { readonly kind: 'battery'; readonly device: string }
  | { readonly kind: 'cell'; readonly cell: number }
  | { readonly kind: 'alarm'; readonly line: number }
  | { readonly kind: 'moment'; readonly time: number };

/** What stands at a column and a line of a pane, both from 0. */
export type Hit = (column: number, line: number) => Target | undefined;

/** Lines of a pane, and what in them can be pointed at. */
export interface Pane {
  readonly width: number;
  readonly lines: readonly Line[];
  readonly hit?: Hit | undefined;
}
