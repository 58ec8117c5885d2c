import { UsageError } from '@ubmsc/base';
import type { Command } from 'commander';
import { outputs } from '../outputs/index.ts';
import type { OutputRow } from '../outputs/output.ts';
import { settings } from './options.ts';

/** What a flag may be in the environment. */
const flagValues: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/**
 * Takes flags from the environment: commander would take them for given whatever they are.
 * @throws {UsageError} one is neither true nor false.
 */
export function applyFlags(program: Command, environment: NodeJS.ProcessEnv): void {
  for (const { name, kind, variable } of settings) {
    const text = environment[variable];
    if (kind !== 'flag' || text === undefined || program.getOptionValueSource(name) === 'cli') continue;
    const value = flagValues.get(text);
    if (value === undefined)
      throw new UsageError(
        `${variable} is ${JSON.stringify(text)}`,
        'give true or false, or leave the variable out',
      );
    program.setOptionValueWithSource(name, value, 'env');
  }
}

/** Says which variables of the environment are called as those of this program and mean nothing to it. */
export async function strangers(environment: NodeJS.ProcessEnv): Promise<readonly UsageError[]> {
  const known = [
    'UBMSC_CONFIG',
    ...settings.map(({ variable }) => variable),
    ...Object.values<OutputRow>(outputs).flatMap(({ secrets = [] }) => secrets),
  ];
  const strange = Object.keys(environment).filter(
    (name) => name.startsWith('UBMSC_') && !known.includes(name),
  );
  if (strange.length === 0) return [];
  const { suggestion } = await import('./suggestion.ts');
  return strange.map(
    (name) =>
      new UsageError(
        `${name} is not a setting`,
        suggestion(name, known) ?? 'ubmsc config lists the settings',
      ),
  );
}
