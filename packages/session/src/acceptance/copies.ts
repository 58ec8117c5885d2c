import { hasBit, layouts, numberSizes } from '@ubmsc/protocol';
import type { Case, Observed, Verdict } from './observed.ts';

/** Length of the smallest notifications, taken where nobody knows how a record was cut. */
const SMALLEST = 20;

/** A host that delivers a notification twice does so at once; of others, one in a hundred comes as soon, in milliseconds. */
const AT_ONCE = 0.25;

/**
 * Cells that are equal in one record are no further apart in the next one than this, in volts as a root mean square, or
 * they were copied: one step of the converter of JK04.
 */
const NOISE = 0.0015;

/** Two neighbouring parts of a record that are equal. */
interface Pair {
  readonly start: number;
  readonly length: number;
  readonly cameAtOnce: boolean;
}

/** Whether one notification of a record may be a copy of its neighbour. Empty ones are usual. */
export function hasCopies(record: Observed, before: Observed | undefined): boolean {
  const pairs = copies(record);
  return pairs.length > 0 && !pairs.every((pair) => before !== undefined && bearsOut(before, record, pair));
}

/** A battery that really sends two equal parts sends them, or nearly, in the next record or in the one before, too. */
export function judgeCopies({ record, next }: Case): Verdict {
  return copies(record).every((pair) => bearsOut(next, record, pair)) ? 'confirmed' : 'refuted';
}

function copies({ bytes, arrival: { parts } }: Observed): Pair[] {
  const found: Pair[] = [];
  const compare = (start: number, middle: number, end: number, cameAtOnce: boolean): void => {
    const length = middle - start;
    if (end - middle === length && isTwice(bytes, start, length)) found.push({ start, length, cameAtOnce });
  };
  if (parts === undefined) {
    for (let start = SMALLEST; start + 2 * SMALLEST <= bytes.length; start += SMALLEST)
      compare(start, start + SMALLEST, start + 2 * SMALLEST, false);
  } else {
    for (let index = 1; index + 1 < parts.length; index++) {
      const [one, other, next] = [parts[index], parts[index + 1], parts[index + 2]];
      if (one && other) compare(one.at, other.at, next?.at ?? bytes.length, other.time - one.time < AT_ONCE);
    }
  }
  return found;
}

function isTwice(bytes: Uint8Array, start: number, length: number): boolean {
  let any = 0;
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== bytes[at + length]) return false;
    any |= byte;
  }
  return any !== 0;
}

/** Whether another record has these two parts equal as well, or the same in both, or cells that hardly differ. */
function bearsOut(other: Observed, record: Observed, { start, length, cameAtOnce }: Pair): boolean {
  if (isTwice(other.bytes, start, length)) return true;
  if (other.bytes.every((byte, at) => at < start || at >= start + 2 * length || byte === record.bytes[at]))
    return true;
  if (cameAtOnce) return false;
  const { at, type, count } = layouts[record.variant].cellData.fields.cellVoltages;
  const size = numberSizes[type];
  if (start < at || start + 2 * length > at + count * size || length % size !== 0) return false;
  const shift = length / size;
  const cells = other.fields.cellVoltages;
  let sum = 0;
  let counted = 0;
  for (
    let index = Math.ceil((start - at) / size);
    index < Math.floor((start + length - at) / size);
    index++
  ) {
    sum += ((cells[index] ?? 0) - (cells[index + shift] ?? 0)) ** 2;
    counted++;
  }
  // Under less load, cells differ by less.
  return Math.sqrt(sum / counted) * Math.min(1, spreadOf(record) / spreadOf(other)) <= NOISE;
}

/** Volts between the highest and the lowest cell; at least a little. */
function spreadOf({ fields: { cellVoltages, enabledCells } }: Observed): number {
  const cells = cellVoltages.filter((_, index) => hasBit(enabledCells, index));
  return Math.max(0.0001, Math.max(...cells) - Math.min(...cells));
}
