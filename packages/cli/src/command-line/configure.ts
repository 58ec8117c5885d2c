import { UsageError } from '@ubmsc/base';
import type { Command } from 'commander';
import { findConfigFile } from '../config/find.ts';
import type { Config } from '../config/load.ts';
import { settings, type Options } from './options.ts';

/**
 * Reads the configuration file that is named or found; the one that was read earlier when there is one. Returns
 * undefined where there is no file.
 * @throws {UsageError | AggregateError} the file cannot be read or is not valid.
 */
export async function readConfig(
  program: Command,
  signal: AbortSignal,
  earlier?: Config,
): Promise<Config | undefined> {
  const { config: named, checkConfig } = program.opts<Options>();
  const file = named ?? earlier?.file ?? findConfigFile();
  if (file === undefined) {
    if (!checkConfig) return undefined;
    throw new UsageError('there is no configuration file', 'name one with --config');
  }
  const { loadConfig } = await import('../config/load.ts');
  return await loadConfig(file, signal);
}

/**
 * Takes from a configuration the settings that neither the command line nor the environment gives. What it does not
 * have, as another before it may have had, gets its default.
 */
export function applyConfig(program: Command, config: Config | undefined): void {
  for (const { name, default: standard } of settings) {
    const source = program.getOptionValueSource(name) ?? 'default';
    if (source !== 'default' && source !== 'config') continue;
    const given = config?.settings.get(name);
    program.setOptionValueWithSource(name, given?.value ?? standard, given ? 'config' : 'default');
  }
}
