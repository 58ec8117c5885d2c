import { decodeField, numberSizes } from '@ubmsc/protocol';
import { layouts } from '@ubmsc/protocol';
import { sumOf } from './cells.ts';
import type { Observed } from './observed.ts';

/** Bytes of the smallest notifications. Larger ones hold more than cells: damaged, they disturb what is around. */
export const PIECE = 20;

/** Where two neighbouring notifications of the smallest size begin that hold nothing but cells. */
export function pairsOfPieces(record: Observed): number[] {
  const { at, type } = layouts[record.variant].cellData.fields.cellVoltages;
  const end = at + cellCount(record) * numberSizes[type];
  const starts: number[] = [];
  for (let start = PIECE; start + 2 * PIECE <= end; start += PIECE) starts.push(start);
  return starts;
}

/** The first and the one after the last of the cells that so many bytes hold, wholly or in part. */
export function cellsIn(record: Observed, start: number, length: number): [from: number, to: number] {
  const { at, type } = layouts[record.variant].cellData.fields.cellVoltages;
  const size = numberSizes[type];
  return [Math.floor((start - at) / size), Math.ceil((start + length - at) / size)];
}

const cellCount = ({ fields }: Observed): number => 32 - Math.clz32(fields.enabledCells);

/** How far each cell of a record would be from the mean of all if these were its bytes, in volts. */
export function offsets(record: Observed, bytes: Uint8Array): number[] {
  const field = layouts[record.variant].cellData.fields.cellVoltages;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const slots = decodeField(field, bytes, view);
  const cells = Array.isArray(slots) ? slots.slice(0, cellCount(record)).map(Number) : [];
  const mean = sumOf(cells) / cells.length;
  return cells.map((cell) => cell - mean);
}
