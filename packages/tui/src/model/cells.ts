import type { Reading } from '@ubmsc/protocol';

/** Below this voltage, in V, it is not the cell: its sense wire is broken. */
const SENSE_WIRE = 0.5;

/** Steps of deviation from the mean, in mV: the axis spans one of them, and each has its verdict. */
const deviationSteps = [10, 30, 100, 300, 1000] as const;

export type SpreadLevel = 'even' | 'fair' | 'uneven' | 'bad';

/** Spreads up to this many mV, and what they are called. */
const levels: readonly (readonly [number, SpreadLevel])[] = [
  [10, 'even'],
  [30, 'fair'],
  [100, 'uneven'],
  [Infinity, 'bad'],
];

/** How even a spread in V is. */
export function spreadLevel(spread: number): SpreadLevel {
  return levels.find(([most]) => Math.round(spread * 1000) <= most)?.[1] ?? 'bad';
}

export interface CellDeviation {
  /** In V; null where the device has none. */
  readonly voltage: number | null;
  /** From the mean, in mV; undefined without a plausible voltage. */
  readonly deviation: number | undefined;
  /** The wire to the cell seems to be broken. */
  readonly isWireBroken: boolean;
}

export interface CellsSummary {
  readonly cells: readonly CellDeviation[];
  /** Mean of the cells whose wire is not broken, in V. */
  readonly mean: number | undefined;
  /** Highest less lowest of them, in V. */
  readonly spread: number | undefined;
  /** The step that the deviations fit into, in mV. */
  readonly step: number;
}

/** The cells as deviations from their mean. */
export function cellsOf({ cellVoltage }: Pick<Reading, 'cellVoltage'>): CellsSummary {
  const isBroken = (voltage: number | null): boolean => voltage !== null && voltage < SENSE_WIRE;
  const known = cellVoltage.filter((voltage) => voltage !== null).filter((voltage) => !isBroken(voltage));
  const mean = known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0) / known.length;
  const cells = cellVoltage.map((voltage): CellDeviation => {
    const isWireBroken = isBroken(voltage);
    const deviation =
      voltage === null || isWireBroken || mean === undefined ? undefined : (voltage - mean) * 1000;
    return { voltage, deviation, isWireBroken };
  });
  const widest = Math.max(0, ...cells.map(({ deviation }) => Math.abs(deviation ?? 0)));
  return {
    cells,
    mean,
    spread: known.length === 0 ? undefined : Math.max(...known) - Math.min(...known),
    // A deviation of 10.4 mV is shown as 10 mV.
    step: deviationSteps.find((step) => widest < step + 0.5) ?? 1000,
  };
}
