import { span, type Line, type Role } from './line.ts';
import { position, type Scale } from './scale.ts';
import { brailleCells } from './braille.ts';
import type { Bucket } from './bucket.ts';

/** What graphs are drawn with: dots, blocks, or ASCII. */
export const graphStyles = ['braille', 'block', 'ascii'] as const;

/** What graphs are drawn with. */
export type GraphStyle = (typeof graphStyles)[number];

/** The role of a value: of a signed quantity, charging and discharging have their own. */
export type RoleOf = (value: number) => Role;

/** How many buckets a graph of this many columns shows. */
export function bucketsOf(columns: number, style: GraphStyle): number {
  return style === 'braille' ? columns * 2 : columns;
}

/**
 * The graph of buckets as `rows` lines, the top one first. Time without values is blank. What is above zero grows up
 * from it, what is below grows down, on a scale that has both. Only braille shows what is `behind` the curve.
 */
export function graph(
  buckets: readonly Bucket[],
  rows: number,
  scale: Scale,
  style: GraphStyle,
  roleOf: RoleOf,
  behind: readonly (readonly Bucket[])[] = [],
): Line[] {
  if (style === 'braille') return brailleGraph(buckets, rows, scale, roleOf, behind);
  return barGraph(buckets, rows, scale, style === 'block' ? blocks : densities, roleOf);
}

/** What part of a cell is filled: from below, from above, or in whole; from little to much. */
interface Fills {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const blocks: Fills = { up: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], down: ['▀', '▀', '█', '█'] };
const densities: Fills = {
  up: ['.', ':', '-', '=', '+', '*', '#'],
  down: ['.', ':', '-', '=', '+', '*', '#'],
};

/** The line of zero, where both charging and discharging are shown. */
const ZERO = '╌';

function barGraph(
  buckets: readonly Bucket[],
  rows: number,
  scale: Scale,
  { up, down }: Fills,
  roleOf: RoleOf,
): Line[] {
  const base = Math.min(scale.high, Math.max(scale.low, 0));
  const hasBoth = scale.low < 0 && scale.high > 0;
  const zero = position(base, scale) * rows;
  return Array.from({ length: rows }, (_, row) => {
    const bottom = rows - 1 - row;
    return merged(
      buckets.map((bucket) => {
        if (!bucket) return span(' ');
        const value = bucket.last;
        const end = position(value, scale) * rows;
        const role = roleOf(value);
        const rises = value > base || (value === base && scale.high > base);
        const fills = rises ? up : down;
        const filled = rises ? overlap(zero, Math.max(end, zero), bottom) : overlap(end, zero, bottom);
        const index = Math.round(filled * fills.length) - 1;
        // Something is always seen of a value, at its foot.
        const isFoot = bottom === Math.min(rows - 1, Math.floor(rises ? zero : Math.max(0, zero - 1e-9)));
        if (index >= 0) return span(fills[index] ?? ' ', role);
        if (!isFoot) return span(' ');
        return hasBoth && filled === 0 ? span(ZERO, 'dim') : span(fills[0] ?? ' ', role);
      }),
    );
  });
}

/** How much of a row, from 0 to 1, is between two heights in rows. */
function overlap(from: number, to: number, row: number): number {
  return Math.max(0, Math.min(to, row + 1) - Math.max(from, row));
}

function brailleGraph(
  buckets: readonly Bucket[],
  rows: number,
  scale: Scale,
  roleOf: RoleOf,
  behind: readonly (readonly Bucket[])[],
): Line[] {
  const roles = Array.from({ length: Math.ceil(buckets.length / 2) }, (_, column): Role => {
    const pair = buckets.slice(2 * column, 2 * column + 2).filter((bucket) => bucket !== undefined);
    return pair.length === 0 ? 'dim' : roleOf(furthest(pair));
  });
  return brailleCells(buckets, rows, scale, behind).map((cells) =>
    merged(
      cells.map(({ text, isBehind }, column) => span(text, isBehind ? 'dim' : (roles[column] ?? 'text'))),
    ),
  );
}

/** The value of buckets that is furthest from zero: what their column reaches to. */
function furthest(buckets: readonly NonNullable<Bucket>[]): number {
  const low = Math.min(...buckets.map((bucket) => bucket.low));
  const high = Math.max(...buckets.map((bucket) => bucket.high));
  return Math.abs(low) > Math.abs(high) ? low : high;
}

/** Neighbours of one role as one piece. */
function merged(spans: Line): Line {
  const line: Line[number][] = [];
  for (const each of spans) {
    const last = line.at(-1);
    if (last && (last.role === each.role || each.text === ' '))
      line[line.length - 1] = { text: last.text + each.text, role: last.role };
    else line.push(each);
  }
  return line;
}
