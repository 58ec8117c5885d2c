import { layouts, numberSizes, type Variant } from '@ubmsc/protocol';

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
