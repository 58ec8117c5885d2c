import type { History } from '../model/history.ts';
import { column, fit, inPieces, span, type Line, type Role, type Span } from '../text/line.ts';
import { duration } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { stretch } from './graphs.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

/** Columns before the cells, and after them. */
const MARGIN = { left: 4, right: 1 } as const;

/** How a deviation looks, in mV up to this many. */
const looks: readonly (readonly [most: number, low: string, high: string, role: Role])[] = [
  [10, signs.dot, signs.dot, 'dim'],
  [30, '-', '+', 'text'],
  [100, signs.lowest, signs.highest, 'notice'],
  [Infinity, signs.lowest, signs.highest, 'alarm'],
];

/** All cells over time, a line each: how far each was from the mean. */
export function heatView(
  history: History | undefined,
  cells: number,
  seconds: number,
  { now }: Scene,
  { width, height }: Room,
): Line[] {
  const columns = Math.max(1, width - MARGIN.left - MARGIN.right);
  const { from, to } = stretch(now, seconds, columns);
  const deviations = history?.deviations(cells, from, to, columns, now) ?? [];
  const note = [span(`last ${duration(seconds)}; ${signs.lowest} low, ${signs.highest} high`, 'dim')];
  const lines = Array.from({ length: cells }, (_, cell) => {
    const looksOf = deviations.map((all) => lookOf(all[cell]));
    const shown = inPieces(
      looksOf.length,
      (at) => looksOf[at]?.text ?? ' ',
      (at) => looksOf[at]?.role ?? 'text',
    );
    return fit([...column(String(cell + 1), MARGIN.left - 1, 'dim', 'right'), span(' '), ...shown], width);
  });
  return [title('Cells over time', width, note), ...lines].slice(0, height);
}

const blank = span(' ');

function lookOf(deviation: number | undefined): Span {
  if (deviation === undefined || Number.isNaN(deviation)) return blank;
  const away = Math.round(Math.abs(deviation) * 1000);
  const [, low, high, role] = looks.find(([most]) => away <= most) ?? [0, ' ', ' ', 'text'];
  return span(deviation < 0 ? low : high, role);
}
