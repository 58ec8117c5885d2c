import { position, type Scale } from './scale.ts';

/** What graphs are drawn with: dots, eighths of a block, or ASCII. */
export const graphStyles = ['braille', 'block', 'ascii'] as const;

export type GraphStyle = (typeof graphStyles)[number];

/** The values of one stretch of time; undefined where there are none. */
export type Bucket =
  { readonly low: number; readonly high: number; readonly mean: number; readonly last: number } | undefined;

/** How many buckets a graph of so many columns shows. */
export function bucketsOf(columns: number, style: GraphStyle): number {
  return style === 'braille' ? columns * 2 : columns;
}

/** The graph of buckets as `rows` lines, the top one first. Time without values is blank. */
export function graph(buckets: readonly Bucket[], rows: number, scale: Scale, style: GraphStyle): string[] {
  if (style === 'braille') return brailleGraph(buckets, rows, scale);
  return levelGraph(buckets, rows, scale, style === 'block' ? blocks : densities);
}

/** Levels of one row, from the lowest. */
const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const densities = ['.', ':', '-', '=', '+', '*', '#'];

function levelGraph(
  buckets: readonly Bucket[],
  rows: number,
  scale: Scale,
  levels: readonly string[],
): string[] {
  const steps = rows * levels.length;
  const heights = buckets.map(
    (bucket) => bucket && 1 + Math.round(position(bucket.last, scale) * (steps - 1)),
  );
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * levels.length;
    return heights
      .map((height) => levels[Math.min(levels.length, (height ?? 0) - below) - 1] ?? ' ')
      .join('');
  });
}

/** Dots of a braille character, as bits, by column and by row from the top (Unicode, Braille Patterns). */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

function brailleGraph(buckets: readonly Bucket[], rows: number, scale: Scale): string[] {
  const columns = Math.ceil(buckets.length / 2);
  const bits = Array.from({ length: rows }, () => new Uint8Array(columns));
  const top = rows * 4 - 1;
  const level = (value: number): number => Math.round(position(value, scale) * top);
  let before: number | undefined;
  for (const [index, bucket] of buckets.entries()) {
    if (bucket) {
      const from = Math.min(level(bucket.low), before === undefined ? Infinity : before + 1);
      const to = Math.max(level(bucket.high), before === undefined ? -Infinity : before - 1);
      for (let dot = from; dot <= to; dot++) {
        const row = bits[rows - 1 - (dot >> 2)];
        if (row) row[index >> 1] = (row[index >> 1] ?? 0) | (dots[index & 1 ? 1 : 0][3 - (dot & 3)] ?? 0);
      }
    }
    before = bucket && level(bucket.last);
  }
  return bits.map((row) =>
    Array.from(row, (each) => (each === 0 ? ' ' : String.fromCharCode(0x2800 + each))).join(''),
  );
}
