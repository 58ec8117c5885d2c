import type { Bucket } from './bucket.ts';
import { position, type Scale } from './scale.ts';

/** Dots of a braille character, as bits, by column and by row from the top (Unicode, Braille Patterns). */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Dots by row, the top one first, and column: those of everything that is drawn, and those of the curve alone. */
export interface BrailleDots {
  readonly all: readonly Uint8Array[];
  readonly curve: readonly Uint8Array[];
}

/** The character of some dots. */
export function brailleSign(dotsOfIt: number): string {
  return dotsOfIt === 0 ? ' ' : String.fromCharCode(0x2800 + dotsOfIt);
}

/**
 * Buckets as a curve from low to high of each, joined to the one before. Where the scale has both signs,
 * zero is dotted; `behind` are curves that it is drawn upon, such as those of all cells.
 */
export function brailleDots(
  buckets: readonly Bucket[],
  rows: number,
  scale: Scale,
  behind: readonly (readonly Bucket[])[] = [],
): BrailleDots {
  const columns = Math.ceil(buckets.length / 2);
  const all = Array.from({ length: rows }, () => new Uint8Array(columns));
  const top = rows * 4 - 1;
  const level = (value: number): number => Math.round(position(value, scale) * top);
  const set = (dot: number, index: number): void => {
    const row = all[rows - 1 - (dot >> 2)];
    if (row) row[index >> 1] = (row[index >> 1] ?? 0) | (dots[index & 1 ? 1 : 0][3 - (dot & 3)] ?? 0);
  };
  const draw = (shown: readonly Bucket[]): void => {
    let before: number | undefined;
    for (let index = 0; index < shown.length; index++) {
      const bucket = shown[index];
      if (bucket) {
        const from = Math.min(level(bucket.low), before === undefined ? Infinity : before + 1);
        const to = Math.max(level(bucket.high), before === undefined ? -Infinity : before - 1);
        for (let dot = from; dot <= to; dot++) set(dot, index);
      }
      before = bucket && level(bucket.last);
    }
  };
  draw(buckets);
  const curve = all.map((row) => row.slice());
  if (scale.low < 0 && scale.high > 0)
    for (let index = 0; index < buckets.length; index += 2) if (buckets[index]) set(level(0), index);
  for (const each of behind) draw(each);
  return { all, curve };
}
