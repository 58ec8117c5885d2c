import { sumOf } from './cells.ts';
import type { Objection, Observed } from './observed.ts';
import { cellsIn, offsets, pairsOfPieces, PIECE } from './pieces.ts';

/**
 * Root mean square, in volts, by which the cells of two equal notifications may be off those of another record: half a
 * step of the converter of JK04. Nineteen of twenty undamaged records are no further from the one before or after.
 */
const NOISE = 0.00075;

/**
 * What speaks against a record of which two neighbouring notifications are equal: one may have been delivered twice
 * and the other lost, which leaves the length and, once in 256 times, the sum. Batteries at rest send such records too,
 * so the cells must also be those of the record before or after.
 */
export function objectionToCopies(before: Observed | undefined, now: Observed): Objection | undefined {
  const equal = pairsOfPieces(now).filter((start) => isTwice(now.bytes, start));
  if (equal.length === 0) return undefined;
  const isLike = (other: Observed): boolean =>
    equal.every((start) => distance(now, other, cellsIn(now, start, 2 * PIECE)) <= NOISE);
  if (before && isLike(before)) return undefined;
  return { doubt: 'copy', name: 'copy', isBorneOut: isLike, witnesses: 1 };
}

function isTwice(bytes: Uint8Array, start: number): boolean {
  const piece = bytes.subarray(start, start + PIECE);
  return piece.every((byte, index) => byte === bytes[start + PIECE + index]);
}

/** Root mean square by which these cells of two records are apart, in volts; not a number when their cells differ. */
function distance(one: Observed, other: Observed, [from, to]: readonly [from: number, to: number]): number {
  const others = offsets(other, other.bytes).slice(from, to);
  const squares = offsets(one, one.bytes)
    .slice(from, to)
    .map((cell, index) => (cell - (others[index] ?? NaN)) ** 2);
  return Math.sqrt(sumOf(squares) / squares.length);
}
