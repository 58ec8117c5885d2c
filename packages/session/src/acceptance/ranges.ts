import type { Observed, WitnessFields } from './observed.ts';

/** Limits of what a battery can have: what is beyond them is refused, however often it comes. */
const ranges: readonly (readonly [of: (fields: WitnessFields) => number | undefined, most: number])[] = [
  [({ packCurrent }) => packCurrent, 2000], // A
  [({ balanceCurrent }) => balanceCurrent, 20], // A
  [({ stateOfCharge }) => stateOfCharge, 100], // %
];

/** Why a record is impossible, whatever the battery does. */
export function impossible({ fields }: Observed): 'range' | undefined {
  for (const [of, most] of ranges) if (Math.abs(of(fields) ?? 0) > most) return 'range';
  return undefined;
}
