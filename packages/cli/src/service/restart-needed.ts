import type { CommandContext } from '../command-line/context.ts';
import { settings, type Options } from '../command-line/options.ts';

/** Settings that a reload brings into force: which batteries are watched, as which banks, and on which adapter. */
const RELOADED: ReadonlySet<keyof Options> = new Set(['devices', 'onDemand', 'adapter']);

/** What a service was started with, or would be, by the names that the configuration file has for it. */
export type SettingsInForce = ReadonlyMap<string, string>;

export function settingsInForce({
  options,
  config,
}: Pick<CommandContext, 'options' | 'config'>): SettingsInForce {
  const given = options();
  const own = config();
  const tables = {
    labels: own?.labels ?? {},
    ...Object.fromEntries(own?.outputs ?? []),
  };
  return new Map(
    [
      ...settings
        .filter(({ name }) => !RELOADED.has(name))
        .map(({ name, key }) => [key, given[name]] as const),
      ...Object.entries(tables).map(([name, value]) => [`[${name}]`, value] as const),
    ].map(([key, value]) => [key, JSON.stringify(value ?? '')]),
  );
}

/** The settings that differ. */
export function changedSettings(before: SettingsInForce, after: SettingsInForce): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

/** What is to be done about it, for people; undefined when nothing is. */
export function restartText(changed: readonly string[]): string | undefined {
  return changed.length === 0 ? undefined : `changed, and in force after a restart: ${changed.join(', ')}`;
}
