import type { batteryTypes } from '@ubmsc/protocol';

/** What cells of one chemistry stand, and what is worth a warning. */
export interface CellLimits {
  /** V; below it a cell is nearly empty, and its voltage falls fast. Above the protection of the battery. */
  readonly low: number;
  /** V; above it a cell is over-charged. */
  readonly high: number;
  /** V; the curve is flat below it, so that a spread tells of unequal charge. Above it, every bank spreads. */
  readonly flatBelow: number;
  /** V between the lowest and the highest cell of a resting battery. */
  readonly spread: number;
  /** °C; above it cells age quickly. */
  readonly hot: number;
  /** °C; charging below it plates lithium. */
  readonly chargeAbove: number;
}

/**
 * The limits of alerts by chemistry. They warn before the battery protects itself, and are cautious: typical data of
 * cells allow 2.5 to 3.65 V and 0 to 45 °C while charging (LFP), 2.8 to 4.2 V (Li-ion), 1.5 to 2.8 V (LTO).
 */
// A table is read by its columns:
// prettier-ignore
export const cellLimits: Readonly<Record<(typeof batteryTypes)[number], CellLimits>> = {
  'LFP': { low: 2.8, high: 3.65, flatBelow: 3.4, spread: 0.05, hot: 50, chargeAbove: 0 },
  'Li-ion': { low: 3.2, high: 4.2, flatBelow: 4.1, spread: 0.05, hot: 50, chargeAbove: 0 },
  'LTO': { low: 1.9, high: 2.8, flatBelow: 2.5, spread: 0.05, hot: 55, chargeAbove: -30 },
};
