import type { DayResistance } from './resistance.ts';

/** Days are compared when their temperatures differ by at most this, in K: resistance falls by about 2 % each. */
const ALIKE = 3;

/** A trend has at least this many days. */
const LEAST_DAYS = 7;

/** How the resistance of a cell changes. */
export interface ResistanceTrend {
  readonly cell: number;
  /** Change in 30 days, in parts of the resistance of the last day, with its standard error. */
  readonly change: number;
  readonly uncertainty: number;
}

/**
 * The change of the resistance of each cell, by least squares over the days that were about as warm as the last one.
 * Cells with fewer than seven of these are left out.
 */
export function resistanceTrends(days: readonly DayResistance[]): readonly ResistanceTrend[] {
  const last = days.at(-1);
  if (!last) return [];
  const alike = days.filter(
    ({ temperature }) =>
      temperature === null || last.temperature === null || Math.abs(temperature - last.temperature) <= ALIKE,
  );
  return last.cells.flatMap((of, cell): readonly ResistanceTrend[] => {
    const points = alike.flatMap(({ day, cells }) => {
      const y = cells[cell]?.resistance;
      return y === undefined ? [] : [{ x: Date.parse(day) / (30 * 86_400_000), y }];
    });
    if (!of || points.length < LEAST_DAYS) return [];
    const { slope, error } = line(points);
    return [{ cell, change: slope / of.resistance, uncertainty: error / of.resistance }];
  });
}

/** The slope of a line through points, with its standard error. */
function line(points: readonly { readonly x: number; readonly y: number }[]): {
  readonly slope: number;
  readonly error: number;
} {
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const width = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / width;
  const rest = points.reduce((sum, point) => sum + (point.y - y - slope * (point.x - x)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (points.length - 2) / width) };
}
