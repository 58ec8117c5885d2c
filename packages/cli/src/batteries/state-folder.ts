import { existsSync } from 'node:fs';
import { stateFolder } from '@ubmsc/base';
import type { GeneralOptions } from '../command-line/general-options.ts';

/** The folders of energy totals and of the history in the folder for state. */
export const ENERGY = 'energy';
export const HISTORY = 'history';

/**
 * Where a long run keeps its state: the folder that is given, or that of the service or the user where it exists.
 * Undefined when nothing is kept.
 */
export function keptIn({ state }: Pick<GeneralOptions, 'state'>): string | undefined {
  if (state !== undefined) return state;
  const folder = stateFolder();
  return existsSync(folder) ? folder : undefined;
}
