import type { CellFields } from '@ubmsc/protocol';
import type { AnyFieldValue } from '@ubmsc/protocol';
import type { Variant } from '@ubmsc/protocol';
import type { Pause } from '@ubmsc/protocol';

/**
 * Why a cell data record is not believed although its checksum is right: the checksum is a sum of eight bits, which
 * one damaged record in 256 passes, and which does not see that pieces were swapped.
 */
export const doubts = {
  range: 'a value that no battery has',
  slots: 'a slot without a cell is not empty',
  agreement: 'what the device says in two ways does not agree',
  step: 'a value has moved further than it can in the time between two records',
  clock: "the device's clocks do not move with its counter",
  order: 'its cells fit those of the records before better with two of its pieces exchanged',
  copy: 'two of its pieces are equal, and one of them may be a copy of the other in place of a lost one',
  luck: 'nothing speaks against it, but against many of those before it',
  first: 'it is the first, and there is none before it to compare it with',
  pause: 'it came in two parts so far apart that the second may belong to the next record',
} as const satisfies Readonly<Record<string, string>>;

export type Doubt = keyof typeof doubts;

/** How a record came. */
export interface Arrival {
  /** When it was complete, by a monotonic clock in milliseconds. */
  readonly time: number;
  /** In which it waited for its rest. */
  readonly pauses: readonly Pause[];
}

/** A record as it is looked at. */
export interface Observed {
  readonly bytes: Uint8Array;
  readonly fields: CellFields;
  readonly variant: Variant;
  readonly arrival: Arrival;
}

/** A field, or what is compared, and the doubt that it raises. */
export interface Rule {
  readonly doubt: Doubt;
  readonly name: string;
  /** So many further records have to show the same before it is believed; more of them each time when left out. */
  readonly witnesses?: number | undefined;
  /** No device is excepted from it, however often it breaks it. */
  readonly isLaw?: boolean;
}

/** What speaks against a record. */
export interface Objection extends Rule {
  /** Whether the next record shows that the battery is so. */
  readonly isBorneOut: (next: Observed) => boolean;
  /** Whether the next record may break the same rule, and bear this one out all the same. */
  readonly mayGoOn?: true | undefined;
}

export type AnyFields = Readonly<Record<string, AnyFieldValue | undefined>>;

/**
 * What holds between a record and one before it, which was sent `frames` records earlier, as the share that they use of
 * the room that the rule leaves: it is broken above 1.
 */
export interface StepRule extends Rule {
  readonly used: (before: CellFields, now: CellFields, frames: number) => number;
  /** Whether the record after shows that it was so; when left out, whether that one breaks the rule as well. */
  readonly isBorneOut?: (before: CellFields, now: CellFields, next: CellFields) => boolean;
  readonly mayGoOn?: true;
}

/** The share used by what is either as it must be, or not. */
export const allOrNothing = (isBroken: boolean): number => (isBroken ? Infinity : 0);

/** The share that a value uses of its limit. */
export function shareOf(value: number, limit: number): number {
  // Nothing uses nothing, whatever the limit; what is no number is within none.
  if (value === 0) return 0;
  const share = Math.abs(value) / limit;
  return Number.isNaN(share) ? Infinity : share;
}
