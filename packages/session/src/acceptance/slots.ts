import type { Case, Observed, Verdict } from './observed.ts';

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
