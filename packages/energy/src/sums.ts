/** Energy and charge, both ways, since some moment. */
export interface Sums {
  /** J that went in. */
  readonly energyIn: number;
  /** J that came out. */
  readonly energyOut: number;
  /** C that went in. */
  readonly chargeIn: number;
  /** C that came out. */
  readonly chargeOut: number;
}

/** Nothing was added up. */
export const noSums: Sums = { energyIn: 0, energyOut: 0, chargeIn: 0, chargeOut: 0 };

/** Both together. */
export function addSums(one: Sums, other: Sums): Sums {
  return {
    energyIn: one.energyIn + other.energyIn,
    energyOut: one.energyOut + other.energyOut,
    chargeIn: one.chargeIn + other.chargeIn,
    chargeOut: one.chargeOut + other.chargeOut,
  };
}
