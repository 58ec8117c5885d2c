import type { History } from './history.ts';

/** A change of the current between two readings that is a load step, in A. */
const LEAST_STEP = 5;

/** Two readings of one load step follow each other within this time, in milliseconds. */
const LONGEST_STEP = 3000;

/** What load steps say of one cell. */
export interface Sag {
  /** How much its voltage sinks with each ampere, in Ω: the median of all steps. */
  readonly perAmpere: number;
  readonly steps: number;
}

/** How much each cell sags per ampere at the load steps between two times; undefined for a cell without any. */
export function sags(
  history: History | undefined,
  cells: number,
  from: number,
  to: number,
): readonly (Sag | undefined)[] {
  const found = Array.from({ length: cells }, (): number[] => []);
  if (history) {
    const last = history.indexAt(to);
    for (let number = Math.max(history.start, history.indexAt(from)) + 1; number <= last; number++) {
      const step = history.valueOf('batteryCurrent', number) - history.valueOf('batteryCurrent', number - 1);
      if (!(Math.abs(step) >= LEAST_STEP)) continue;
      if (history.timeOf(number) - history.timeOf(number - 1) > LONGEST_STEP) continue;
      for (const [cell, values] of found.entries()) {
        const rise = history.cellVoltageOf(cell, number) - history.cellVoltageOf(cell, number - 1);
        if (Number.isFinite(rise)) values.push(rise / step);
      }
    }
  }
  return found.map((values) =>
    values.length === 0 ? undefined : { perAmpere: median(values), steps: values.length },
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
