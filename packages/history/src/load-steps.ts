import { DOUBT, type Table } from './table.ts';

/** Readings of which the mean is taken on each side of a step, and readings at the step that are left out. */
const MEAN_OF = 3;
const SKIPPED = 2;

/** A step has at least this change of current in A; on both sides the current moves by less than `STEADY`. */
const LEAST_STEP = 10;
const STEADY = 0.5;

/** All readings of a step are within this time, in milliseconds: else it is not the resistance of a second. */
const LONGEST = 8000;

/** A change of the load, and how the cells answered to it. */
export interface LoadStep {
  /** Resistance of each cell in Ω; NaN where its voltage is absent. */
  readonly resistances: readonly number[];
  /** °C; NaN where it is absent. */
  readonly temperature: number;
}

/**
 * Finds steps of the current in readings, and what the voltages of cells changed by: ΔV/ΔI. The reading at the step and
 * the one before are skipped, because a device does not measure current and cells at the same moment.
 */
export function loadSteps({ times, columns }: Table): readonly LoadStep[] {
  const current = columns.get('battery_current')?.value;
  const temperature = columns.get('battery_temperature_0')?.value;
  const doubt = columns.get(DOUBT)?.value;
  if (!current) return [];
  const cells = [...columns].flatMap(([name, { value }]): [number, Float64Array][] => {
    const cell = /^cell_voltage_(\d+)$/.exec(name)?.[1];
    return cell === undefined ? [] : [[Number(cell), value]];
  });
  const steps: LoadStep[] = [];
  const length = 2 * MEAN_OF + SKIPPED;
  for (let first = 0; first + length <= times.length; first++) {
    const after = first + MEAN_OF + SKIPPED;
    const change = mean(current, after) - mean(current, first);
    const isStep =
      Math.abs(change) >= LEAST_STEP &&
      isSteady(current, first) &&
      isSteady(current, after) &&
      (times[first + length - 1] ?? Infinity) - (times[first] ?? 0) <= LONGEST;
    if (!isStep || hasValue(doubt, first, length)) continue;
    const resistances: number[] = [];
    for (const [cell, voltage] of cells)
      resistances[cell] = (mean(voltage, after) - mean(voltage, first)) / change;
    steps.push({
      resistances: Array.from(resistances, (each) => each ?? NaN),
      temperature: temperature?.[after] ?? NaN,
    });
    // The next step begins where this one ends.
    first = after - 1;
  }
  return steps;
}

function mean(values: Float64Array, from: number): number {
  let sum = 0;
  for (let row = from; row < from + MEAN_OF; row++) sum += values[row] ?? NaN;
  return sum / MEAN_OF;
}

function isSteady(values: Float64Array, from: number): boolean {
  const those = values.subarray(from, from + MEAN_OF);
  return Math.max(...those) - Math.min(...those) < STEADY;
}

function hasValue(values: Float64Array | undefined, from: number, length: number): boolean {
  return values !== undefined && values.subarray(from, from + length).some((value) => !Number.isNaN(value));
}
