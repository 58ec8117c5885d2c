import type { CellFields } from '@ubmsc/protocol';
import { hasBit } from '@ubmsc/protocol';

/** The voltages of the cells that are configured. */
export function cellsOf({ cellVoltages, enabledCells }: CellFields): number[] {
  return cellVoltages.filter((_, index) => hasBit(enabledCells, index));
}

/** What a device computes of its cells, in volts; undefined without cells, and with a cell whose wire is broken. */
export function statisticsOf(
  fields: CellFields,
): { readonly sum: number; readonly mean: number; readonly delta: number } | undefined {
  const cells = cellsOf(fields);
  if (cells.length === 0 || cells.includes(0)) return undefined;
  const sum = sumOf(cells);
  return { sum, mean: sum / cells.length, delta: Math.max(...cells) - Math.min(...cells) };
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
