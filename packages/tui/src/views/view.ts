import type { GraphStyle } from '../text/graph.ts';

/** What every view has to know of the moment and of the terminal. */
export interface Scene {
  readonly graphStyle: GraphStyle;
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
