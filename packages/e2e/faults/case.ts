import type { SessionReason, SessionState } from '@ubmsc/session';
import type { FaultName } from '@ubmsc/simulator';
import type { Scenario } from './scenario.ts';

/** What the user sees of a fault. */
export type Verdict = 'live' | `${SessionState}/${SessionReason}`;

/** One way in which a fault is had, and what comes of it. */
export interface Case extends Omit<Scenario, 'faults'> {
  /** Its value; that of the table of faults when left out. */
  readonly value?: string;
  /** What goes wrong at the same time. */
  readonly and?: readonly string[];
  /**
   * `live`: readings come in spite of it, nearly all the time. Otherwise states that the user sees while it goes
   * wrong, each with its reason.
   */
  readonly seen: 'live' | readonly Verdict[];
}

/** Nothing to be seen of it. */
export const live: Case = { seen: 'live' };

/** Faults, each with the ways in which it is had. */
export type Cases = Partial<Readonly<Record<FaultName, readonly Case[]>>>;
