import { inPieces, type Line, type Role } from './line.ts';
import { position, type Scale } from './scale.ts';
import { brailleDots, brailleSign } from './braille.ts';
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
 * from it, what is below grows down, on a scale that has both. A peak is seen in every style, however short it is. Only
 * braille shows what is `behind` the curve.
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
  const values = tellingValues(buckets);
  const ends = values.map((value) => (value === undefined ? zero : position(value, scale) * rows));
  return Array.from({ length: rows }, (_, row) => {
    const bottom = rows - 1 - row;
    const signOf = (column: number): string => {
      const value = values[column];
      if (value === undefined) return ' ';
      const end = ends[column] ?? zero;
      const rises = value > base || (value === base && scale.high > base);
      const fills = rises ? up : down;
      const filled = rises ? overlap(zero, Math.max(end, zero), bottom) : overlap(end, zero, bottom);
      const index = Math.round(filled * fills.length) - 1;
      if (index >= 0) return fills[index] ?? ' ';
      // Something is always seen of a value, at its foot.
      const isFoot = bottom === Math.min(rows - 1, Math.floor(rises ? zero : Math.max(0, zero - 1e-9)));
      if (!isFoot) return ' ';
      return hasBoth && filled === 0 ? ZERO : (fills[0] ?? ' ');
    };
    return inPieces(values.length, signOf, (column, sign) =>
      sign === ZERO ? 'dim' : roleOf(values[column] ?? 0),
    );
  });
}

/**
 * The one value of each bucket that a bar shows: the end that is further from the value before, at first from zero. So
 * neither a peak nor a dip is lost.
 */
function tellingValues(buckets: readonly Bucket[]): readonly (number | undefined)[] {
  let before = 0;
  return buckets.map((bucket) => {
    const rise = (bucket?.high ?? 0) - before;
    const fall = before - (bucket?.low ?? 0);
    before = bucket?.last ?? 0;
    if (!bucket) return undefined;
    const { low, high } = bucket;
    return rise > fall || (rise === fall && high >= -low) ? high : low;
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
    const one = buckets[2 * column];
    const other = buckets[2 * column + 1] ?? one;
    const furthest = furthestOf(one ?? other, other);
    return furthest === undefined ? 'dim' : roleOf(furthest);
  });
  const { all, curve } = brailleDots(buckets, rows, scale, behind);
  return all.map((dots, row) =>
    inPieces(
      roles.length,
      (column) => brailleSign(dots[column] ?? 0),
      (column) => (curve[row]?.[column] === 0 ? 'dim' : (roles[column] ?? 'text')),
    ),
  );
}

/** The value of two buckets that is furthest from zero: what their column reaches to. */
function furthestOf(one: Bucket, other: Bucket): number | undefined {
  if (!one || !other) return undefined;
  const low = Math.min(one.low, other.low);
  const high = Math.max(one.high, other.high);
  return Math.abs(low) > Math.abs(high) ? low : high;
}
