import type { Renderer } from './result.ts';

export { labelOf, type Display, type Entry, type Row, type Scalar } from './entries.ts';
export type { DeviceResult, FormatOptions, Renderer, Result } from './result.ts';
export { sanitize } from './sanitize.ts';

export interface Format {
  /** One letter that stands for the name. */
  readonly alias?: string;
  /** Its library is only imported here: a command does not wait for formats that it does not print. */
  readonly render: Renderer;
  /** What stands between two documents in one output; without it, an output holds one document. */
  readonly between?: string;
}

const table = {
  text: { render: async (...args) => (await import('./text.ts')).text(...args), between: '\n' },
  rust: { alias: 'r', render: async (...args) => (await import('./rust.ts')).rust(...args), between: '' },
  'rust-pretty': {
    alias: 'R',
    render: async (...args) => (await import('./rust.ts')).rustPretty(...args),
    between: '',
  },
  json: { alias: 'j', render: async (...args) => (await import('./json.ts')).json(...args), between: '' },
  'json-pretty': {
    alias: 'J',
    render: async (...args) => (await import('./json.ts')).jsonPretty(...args),
    between: '',
  },
  yaml: {
    alias: 'y',
    render: async (...args) => (await import('./yaml.ts')).yaml(...args),
    between: '---\n',
  },
  toml: { alias: 't', render: async (...args) => (await import('./toml.ts')).toml(...args), between: '\n' },
  'toml-pretty': {
    alias: 'T',
    render: async (...args) => (await import('./toml.ts')).tomlPretty(...args),
    between: '\n',
  },
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
