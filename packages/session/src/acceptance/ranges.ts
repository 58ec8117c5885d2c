import type { Observed, WitnessFields } from './observed.ts';

/** Limits of what a battery can have, in the unit of the field. */
const ranges: readonly (readonly [name: 'packCurrent' | 'balanceCurrent' | 'stateOfCharge', most: number])[] =
  [
    ['packCurrent', 2000],
    ['balanceCurrent', 20],
    ['stateOfCharge', 100],
  ];

/** Why a record is impossible, whatever the battery does. */
export function impossible({ fields }: Observed): 'range' | undefined {
  return ranges.some(([name, most]) => exceeds(fields, name, most)) ? 'range' : undefined;
}

const exceeds = (
  fields: WitnessFields,
  name: 'packCurrent' | 'balanceCurrent' | 'stateOfCharge',
  most: number,
): boolean => Math.abs(fields[name] ?? 0) > most;
