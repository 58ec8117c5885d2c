import { sumOf } from './cells.ts';
import type { Objection, Observed } from './observed.ts';
import { offsets, pairsOfPieces, PIECE } from './pieces.ts';

/**
 * By how much likelier the cells must be with two pieces exchanged, as twice the logarithm of the likelihood ratio. An
 * undamaged record comes this far only when noise exceeds √13, or 3.6, standard deviations.
 */
const EVIDENCE = 13;

/** What the deviation of a cell is taken for before it is known, in volts, and how many values that counts for. */
const PRIOR = { deviation: 0.0006, values: 16 };

/**
 * What speaks against a record whose cells fit their means in the records before better with two neighbouring
 * notifications exchanged: neither the checksum nor a sum of cells sees their order.
 */
export function objectionToOrder(history: readonly Observed[], now: Observed): Objection | undefined {
  const known = history.filter(({ fields }) => fields.enabledCells === now.fields.enabledCells);
  if (known.length === 0) return undefined;
  const starts = pairsOfPieces(now);
  if (starts.length === 0) return undefined;
  const distance = distanceFrom(known.map((record) => offsets(record, record.bytes)));
  const asItIs = distance(offsets(now, now.bytes));
  const exchanged = starts.map((start) => distance(offsets(now, exchange(now.bytes, start))));
  if (asItIs - Math.min(...exchanged) <= EVIDENCE) return undefined;
  const isBorneOut = (next: Observed): boolean => objectionToOrder(history, next) !== undefined;
  return { doubt: 'order', name: 'order', isBorneOut, witnesses: 1 };
}

function exchange(bytes: Uint8Array, start: number): Uint8Array {
  const exchanged = bytes.slice();
  exchanged.copyWithin(start, start + PIECE, start + 2 * PIECE);
  exchanged.set(bytes.subarray(start, start + PIECE), start + PIECE);
  return exchanged;
}

/** Measures how far cells are from their means in other records: the sum of squares, in variances of one cell. */
function distanceFrom(records: readonly (readonly number[])[]): (cells: readonly number[]) => number {
  const [first = []] = records;
  const means = first.map((_, index) => sumOf(records.map((record) => record[index] ?? 0)) / records.length);
  const squares = (cells: readonly number[]): number =>
    sumOf(cells.map((cell, index) => (cell - (means[index] ?? 0)) ** 2));
  const freedom = means.length * (records.length - 1);
  const known = sumOf(records.map(squares)) + PRIOR.values * PRIOR.deviation ** 2;
  const variance = (known / (freedom + PRIOR.values)) * (1 + 1 / records.length);
  return (cells) => squares(cells) / variance;
}
