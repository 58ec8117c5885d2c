import { sanitize, UbmscError } from '@ubmsc/base';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { hintInOptions } from '../hints.ts';

/** What is looked at, in this order: each needs those before it. */
export const stages = {
  program: 'Program',
  rfkill: 'Radio switch',
  adapter: 'Adapter',
  permission: 'Permission',
  others: 'Other programs',
  open: 'Adapter opens',
  hears: 'Hears anything',
  battery: 'Hears the battery',
  connect: 'Connects',
  services: 'Services',
  subscribe: 'Subscription',
  identify: 'Device info',
  stream: 'Stream',
  values: 'Values',
  host: 'Clock and disk',
} as const satisfies Readonly<Record<string, string>>;

export type Stage = keyof typeof stages;

/** What was found at one stage. */
export interface Finding {
  readonly stage: Stage;
  /** A stage is skipped when it does not apply, or when one that it needs has failed. */
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What is so, in words. */
  readonly text: string;
  /** What to do about it, where there is something to do. */
  readonly hint?: string | undefined;
  /** What the process ends with because of it. */
  readonly exitCode: number;
}

export function ok(stage: Stage, text: string, hint?: string): Finding {
  return { stage, outcome: 'ok', text, hint, exitCode: exitCodes.ok };
}

export function skipped(stage: Stage, text: string): Finding {
  return { stage, outcome: 'skipped', text, exitCode: exitCodes.ok };
}

export function failed(stage: Stage, text: string, hint: string, exitCode: number): Finding {
  return { stage, outcome: 'failed', text, hint: hintInOptions(hint), exitCode };
}

/** What an error says of a stage. Other errors are bugs, and not for here. */
export function failedWith(stage: Stage, error: unknown): Finding {
  if (!(error instanceof UbmscError)) throw error;
  return failed(stage, sanitize(error.message), error.hint, exitCodeOf(error));
}
