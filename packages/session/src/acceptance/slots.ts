import { layouts, numberSizes } from '@ubmsc/protocol';
import type { Case, Observed, Verdict } from './observed.ts';

/** How many slots behind the last cell are filled, of voltages and of resistances. */
function filledSlots(record: Observed): number {
  const { bytes, variant } = record;
  const { cellVoltages, cellWireResistances } = layouts[variant].cellData.fields;
  const cells = cellsOf(record);
  let filled = 0;
  for (const { at, type, count } of [cellVoltages, cellWireResistances]) {
    const size = numberSizes[type];
    for (let slot = at + cells * size; slot < at + count * size; slot += size)
      if (bytes[slot] !== 0 || bytes[slot + size - 1] !== 0) filled++;
  }
  return filled;
}

/** A device that leaves something in its slots, such as the resistance of a cell that was taken out, always does. */
export function fillsSlots(record: Observed, before: Observed | undefined): boolean {
  const filled = filledSlots(record);
  return filled > 0 && (!before || filledSlots(before) !== filled);
}

/** A cell that is added or taken out leaves at most its two slots filled, for one record. */
export function judgeSlots({ before, record, next }: Case): Verdict {
  const filled = filledSlots(record);
  const usual = filledSlots(next);
  if (usual === filled) return 'confirmed';
  const changed =
    Math.abs(cellsOf(next) - cellsOf(record)) + Math.abs(cellsOf(record) - cellsOf(before ?? record));
  return filled - usual > 2 * changed ? 'refuted' : 'open';
}

const cellsOf = ({ fields: { enabledCells } }: Observed): number => 32 - Math.clz32(enabledCells);
