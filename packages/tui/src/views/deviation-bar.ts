import type { CellsSummary } from '../model/cells.ts';
import type { Limits } from '../model/limits.ts';
import { span, type Line, type Role } from '../text/line.ts';
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
  const line: Line[number][] = [];
  for (let at = 0; at <= 2 * half; at++) {
    const isFilled = deviation !== undefined && (at < half ? at >= end : at <= end) && at !== half;
    if (limits.has(at)) line.push(span(signs.limit, 'alarm'));
    else if (at === half) line.push(span(deviation === undefined ? signs.track : signs.upright, 'dim'));
    else if (isFilled) line.push(span(signs.filled, role));
    else line.push(span(signs.track, 'dim'));
  }
  return line;
}
