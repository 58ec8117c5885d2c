import type { CellsSummary } from '../model/cells.ts';
import type { Limits } from '../model/limits.ts';
import { inPieces, type Line, type Role } from '../text/line.ts';
import { signs } from '../text/signs.ts';

/**
 * A bar from the mean, in the middle, to the deviation of a cell in mV: to the left when it is low. A limit of the
 * device that lies within the axis is drawn in.
 */
export function deviationBar(
  deviation: number | undefined,
  { mean = 0, step }: CellsSummary,
  { cellUnderVoltage, cellOverVoltage }: Limits,
  role: Role,
  width: number,
): Line {
  const half = Math.floor((width - 1) / 2);
  const columnOf = (millivolts: number): number =>
    half + Math.round((Math.max(-step, Math.min(step, millivolts)) / step) * half);
  const end = columnOf(deviation ?? 0);
  const known = [cellUnderVoltage, cellOverVoltage]
    .filter((limit) => limit !== undefined)
    .map((limit) => (limit - mean) * 1000)
    .filter((away) => Math.abs(away) <= step);
  const limits = new Set(known.map(columnOf));
  const isFilled = (at: number): boolean =>
    deviation !== undefined && (at < half ? at >= end : at <= end) && at !== half;
  return inPieces(
    2 * half + 1,
    (at) => {
      if (limits.has(at)) return signs.limit;
      if (at === half) return deviation === undefined ? signs.track : signs.upright;
      return isFilled(at) ? signs.filled : signs.track;
    },
    (at) => (limits.has(at) ? 'alarm' : isFilled(at) ? role : 'dim'),
  );
}
