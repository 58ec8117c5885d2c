import type { Bucket } from './bucket.ts';
import { position, type Scale } from './scale.ts';

/** Dots of a braille character, as bits, by column and by row from the top (Unicode, Braille Patterns). */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** One column of a line. */
export interface BrailleCell {
  readonly text: string;
  /** Nothing of the curve is in it, but the line of zero or what is behind the curve. */
  readonly isBehind: boolean;
}

/**
 * Buckets as a curve from low to high of each, joined to the one before. Where the scale has both signs,
 * zero is dotted; `behind` are curves that it is drawn upon, such as those of all cells.
 */
export function brailleCells(
  buckets: readonly Bucket[],
  rows: number,
  scale: Scale,
  behind: readonly (readonly Bucket[])[] = [],
): BrailleCell[][] {
  const columns = Math.ceil(buckets.length / 2);
  const bits = Array.from({ length: rows }, () => new Uint8Array(columns));
  const top = rows * 4 - 1;
  const level = (value: number): number => Math.round(position(value, scale) * top);
  const set = (dot: number, index: number): void => {
    const row = bits[rows - 1 - (dot >> 2)];
    if (row) row[index >> 1] = (row[index >> 1] ?? 0) | (dots[index & 1 ? 1 : 0][3 - (dot & 3)] ?? 0);
  };
  const draw = (all: readonly Bucket[]): void => {
    let before: number | undefined;
    for (const [index, bucket] of all.entries()) {
      if (bucket) {
        const from = Math.min(level(bucket.low), before === undefined ? Infinity : before + 1);
        const to = Math.max(level(bucket.high), before === undefined ? -Infinity : before - 1);
        for (let dot = from; dot <= to; dot++) set(dot, index);
      }
      before = bucket && level(bucket.last);
    }
  };
  draw(buckets);
  const curve = bits.map((row) => Uint8Array.from(row));
  if (scale.low < 0 && scale.high > 0)
    for (const [index, bucket] of buckets.entries()) if (bucket && index % 2 === 0) set(level(0), index);
  for (const each of behind) draw(each);
  return bits.map((row, line) =>
    Array.from(row, (each, column) => ({
      text: each === 0 ? ' ' : String.fromCharCode(0x2800 + each),
      isBehind: each !== 0 && curve[line]?.[column] === 0,
    })),
  );
}
