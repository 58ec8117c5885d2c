import { hasBit } from './field.ts';
import { roundTo } from './round-to.ts';

/** Floats are shown with four decimals. */
const FLOAT_PARTS = 10_000;

/**
 * A number of JK04 is a float32 that JavaScript shows with digits that it never had: 3.3499999046325684 is 3.35.
 * What is not a number is absent.
 */
export function fromFloat(value: number): number | null {
  return Number.isFinite(value) ? roundTo(value, FLOAT_PARTS) : null;
}

/** The slots up to the last enabled cell: a cell of 0 V keeps its place, a slot without a cell is null. */
export function enabledSlots(
  slots: readonly number[],
  mask: number,
  isFloat: boolean,
): readonly (number | null)[] {
  const count = 32 - Math.clz32(mask);
  const hasGaps = (mask & (mask + 1)) !== 0;
  if (!hasGaps && !isFloat && count <= slots.length)
    return count === slots.length ? slots : slots.slice(0, count);
  const enabled: (number | null)[] = [];
  for (let index = 0; index < count; index++) {
    const value = hasBit(mask, index) ? (slots[index] ?? null) : null;
    enabled.push(isFloat && value !== null ? fromFloat(value) : value);
  }
  return enabled;
}

export function withoutTrailingNulls<T>(values: (T | null)[]): (T | null)[] {
  while (values.at(-1) === null) values.pop();
  return values;
}

/** What the cells of a record have in common: in volts, and which cells, from 0. */
export interface CellStatistics {
  readonly mean: number | null;
  readonly spread: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly lowestIndex: number | null;
  readonly highestIndex: number | null;
}

const NO_CELLS: CellStatistics = {
  mean: null,
  spread: null,
  lowest: null,
  highest: null,
  lowestIndex: null,
  highestIndex: null,
};

/** How far, in volts, what the device computes may be from the cells of the same record at rest (reference, section 8.1). */
const LAG = 0.02;

/**
 * Of the numbers as the device sends them, so that they are rounded once. Cells at the end that read 0 V are left out
 * while the device leaves them out of its mean and spread: they are being taken out of the settings.
 */
export function cellStatistics(
  cellVoltages: readonly number[],
  enabledCells: number,
  averageCellVoltage: number,
  deltaCellVoltage = NaN,
): CellStatistics {
  const all = 32 - Math.clz32(enabledCells);
  let silentFrom = all;
  while (silentFrom > 0 && cellVoltages[silentFrom - 1] === 0) silentFrom--;
  if (silentFrom < all) {
    const others = statisticsOf(cellVoltages, enabledCells, silentFrom);
    const { mean, spread } = others;
    const agree = mean !== null && spread !== null && Math.abs(mean - averageCellVoltage) <= LAG;
    if (agree && Math.abs(spread - deltaCellVoltage) <= LAG) return others;
  }
  return statisticsOf(cellVoltages, enabledCells, all);
}

/** Of the cells before this index. */
function statisticsOf(cells: readonly number[], mask: number, end: number): CellStatistics {
  let sum = 0;
  let count = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  let lowestIndex = 0;
  let highestIndex = 0;
  for (let index = 0; index < end; index++) {
    const cell = cells[index];
    if (cell === undefined || !hasBit(mask, index) || !Number.isFinite(cell)) continue;
    sum += cell;
    count++;
    if (cell < lowest) {
      lowest = cell;
      lowestIndex = index;
    }
    if (cell > highest) {
      highest = cell;
      highestIndex = index;
    }
  }
  return count === 0
    ? NO_CELLS
    : { mean: sum / count, spread: highest - lowest, lowest, highest, lowestIndex, highestIndex };
}

/** A statistic of cells as it is shown: in their resolution. */
export function shownStatistic(value: number | null, isFloat: boolean): number | null {
  return value === null ? null : roundTo(value, isFloat ? FLOAT_PARTS : 1000);
}

/** In watts, positive while charging. */
export function power(voltage: number | null, current: number | null): number | null {
  return voltage === null || current === null ? null : roundTo(voltage * current, 1000);
}
