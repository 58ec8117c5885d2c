import { stringify } from 'smol-toml';
import type { Config } from '../../config/load.ts';
import { settings, type Options, type Setting } from '../../command-line/options.ts';
import { exitCodes } from '../../exit-codes.ts';
import { outputTables } from '../../outputs/tables.ts';
import { print } from '../../output.ts';

export interface ConfigCommandOptions {
  readonly schema?: true;
  readonly options: Options;
  readonly config: Config | undefined;
  /** Where the value of a setting comes from: commander's word for it. */
  readonly sourceOf: (name: keyof Options) => string | undefined;
}

/** Prints the settings that a command would have, each with its origin, as a configuration file; or the schema of these. */
export async function config(own: ConfigCommandOptions): Promise<number> {
  if (own.schema) {
    const { configJsonSchema } = await import('../../config/json-schema.ts');
    await print(configJsonSchema());
    return exitCodes.ok;
  }
  await print(configText(own));
  return exitCodes.ok;
}

/** The settings that a command would have, each with its origin, as a configuration file without secrets. */
export function configText(own: Omit<ConfigCommandOptions, 'schema'>): string {
  const lines = settings.map((setting) => {
    return [lineOf(setting, own.options[setting.name]), originOf(setting, own)] as const;
  });
  const width = Math.max(...lines.map(([line]) => line.length));
  const batteries = own.config?.batteries?.map((battery) => `\n${toml({ battery: [battery] })}\n`) ?? [];
  const outputs = [...(own.config?.outputs ?? [])].flatMap(([name, tables]) =>
    tables.map((table) => `\n${toml({ [name]: [{ ...table, url: withoutUser(table['url']) }] })}\n`),
  );
  return [
    ...lines.map(([line, origin]) => `${line.padEnd(width)}  # ${origin}\n`),
    ...batteries,
    ...outputs,
  ].join('');
}

function lineOf(setting: Setting, value: unknown): string {
  const { key } = setting;
  if (value === undefined) return `# ${key} is not set`;
  // In a file its place is a table.
  return `${Object.hasOwn(outputTables, key) ? '# ' : ''}${toml({ [key]: shown(setting, value) })}`;
}

function shown({ kind }: Setting, value: unknown): unknown {
  return kind === 'url' || kind === 'broker' ? withoutUser(value) : value;
}

/** A URL may hold a password; what is printed here is shown to others. */
function withoutUser(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1***@');
}

const toml = (table: Readonly<Record<string, unknown>>): string => stringify(table).trim();

function originOf({ name, variable }: Setting, own: Omit<ConfigCommandOptions, 'schema'>): string {
  switch (own.sourceOf(name)) {
    case 'cli':
      return 'command line';
    case 'env':
      return variable;
    case 'config':
      return own.config?.settings.get(name)?.origin ?? 'configuration file';
    default:
      return 'default';
  }
}
