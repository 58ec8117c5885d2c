import { layouts, numberSizes, type Variant } from '@ubmsc/protocol';
import type { Case, Observed, Verdict } from './observed.ts';

/** How the slots of cells are used. */
export interface Slots {
  /** How many behind the last cell are filled, of voltages and of resistances. */
  readonly filled: number;
  /** How many cells have a lead whose resistance reads 0, as all have where nothing was measured. */
  readonly silentLeads: number;
}

export function slotsOf(bytes: Uint8Array, variant: Variant, enabledCells: number): Slots {
  const { cellVoltages, cellWireResistances: leads } = layouts[variant].cellData.fields;
  const cells = 32 - Math.clz32(enabledCells);
  const size = numberSizes[leads.type];
  const isFilled = (slot: number): boolean => bytes[slot] !== 0 || bytes[slot + size - 1] !== 0;
  let filled = 0;
  let silentLeads = 0;
  for (let cell = 0; cell < leads.count; cell++) {
    if (cell < cells) {
      if (!isFilled(leads.at + cell * size)) silentLeads++;
    } else {
      if (isFilled(leads.at + cell * size)) filled++;
      if (isFilled(cellVoltages.at + cell * size)) filled++;
    }
  }
  return { filled, silentLeads };
}

/** A device that leaves something in its slots, such as the resistance of a cell that was taken out, always does. */
export function shiftsSlots({ slots }: Observed, before: Observed | undefined): boolean {
  if (!before) return slots.filled > 0;
  return (
    (slots.filled > 0 && before.slots.filled !== slots.filled) || slots.silentLeads > before.slots.silentLeads
  );
}

/** A cell that is added or taken out leaves at most its two slots filled, for one record. */
export function judgeSlots({ before, record, next }: Case): Verdict {
  const { filled, silentLeads } = record.slots;
  if (next.slots.filled === filled && next.slots.silentLeads === silentLeads) return 'confirmed';
  const usual = before?.slots.silentLeads ?? silentLeads;
  if (silentLeads > usual && next.slots.silentLeads <= usual) return 'refuted';
  const changed =
    Math.abs(cellsOf(next) - cellsOf(record)) + Math.abs(cellsOf(record) - cellsOf(before ?? record));
  return filled - next.slots.filled > 2 * changed ? 'refuted' : 'open';
}

const cellsOf = ({ fields: { enabledCells } }: Observed): number => 32 - Math.clz32(enabledCells);
