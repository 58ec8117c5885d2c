import type { Renderer } from './result.ts';

export type { DeviceResult, FormatOptions, Renderer, Result } from './result.ts';
export { sanitize } from './sanitize.ts';

export interface Format {
  /** One letter that stands for the name. */
  readonly alias?: string;
  /** Its library is only imported here: a command does not wait for formats that it does not print. */
  readonly render: Renderer;
}

const table = {
  text: { render: async (...args) => (await import('./text.ts')).text(...args) },
  rust: { alias: 'r', render: async (...args) => (await import('./rust.ts')).rust(...args) },
  'rust-pretty': { alias: 'R', render: async (...args) => (await import('./rust.ts')).rustPretty(...args) },
  json: { alias: 'j', render: async (...args) => (await import('./json.ts')).json(...args) },
  'json-pretty': { alias: 'J', render: async (...args) => (await import('./json.ts')).jsonPretty(...args) },
  yaml: { alias: 'y', render: async (...args) => (await import('./yaml.ts')).yaml(...args) },
  toml: { alias: 't', render: async (...args) => (await import('./toml.ts')).toml(...args) },
  'toml-pretty': { alias: 'T', render: async (...args) => (await import('./toml.ts')).tomlPretty(...args) },
  metrics: { alias: 'm', render: async (...args) => (await import('./metrics.ts')).metrics(...args) },
} as const satisfies Readonly<Record<string, Format>>;

/** Every format that the command prints, by its name. `text` is the one for people. */
export const formats: Readonly<Record<keyof typeof table, Format>> = table;

/** The format of a name or alias; undefined when there is none. Upper and lower case differ. */
export function findFormat(nameOrAlias: string): Format | undefined {
  return Object.entries(formats).find(
    ([name, { alias }]) => name === nameOrAlias || alias === nameOrAlias,
  )?.[1];
}
