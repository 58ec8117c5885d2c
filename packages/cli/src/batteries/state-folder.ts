import { existsSync } from 'node:fs';
import { stateFolder } from '@ubmsc/base';
import type { Options } from '../command-line/options.ts';

/**
 * Where a long run keeps its state: the folder that is given, or that of the service or the user where it exists.
 * Undefined when nothing is kept.
 */
export function keptIn({ state }: Pick<Options, 'state'>): string | undefined {
  if (state !== undefined) return state;
  const folder = stateFolder();
  return existsSync(folder) ? folder : undefined;
}
