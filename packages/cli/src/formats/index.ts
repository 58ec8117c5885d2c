import { toDocument, type DocumentPrinter } from './document.ts';
import type { Value } from './entry.ts';
import type { DeviceResult, FormatOptions, Group, Renderer } from './result.ts';
import type { TextBuffer } from './text-buffer.ts';

export { toDocument } from './document.ts';
export { isList, isTable, labelOf, originOf, shownGroups } from './entries.ts';
export type { Display, Entry, Row, Scalar, Value } from './entry.ts';
export type { Document } from './document.ts';
export { FRAME } from './result.ts';
export type { DeviceResult, FormatOptions, Group, MeasuredRecord, Renderer, Result } from './result.ts';
export { TextBuffer } from './text-buffer.ts';
export { sanitize } from '@ubmsc/base';

export interface Format {
  /** One letter that stands for the name. */
  readonly alias?: string;
  /** Its library is only imported here: a command does not wait for formats that it does not print. */
  readonly render: Renderer;
  /** Prints any document. Neither text for people nor a form of fixed types can. */
  readonly printDocument?: DocumentPrinter;
  /** Prints what each device gave by itself, and then the document of all; nothing stands between two documents. */
  readonly pieces?: () => Promise<Pieces>;
  /** What stands between two documents in one output; without it, an output holds one document. */
  readonly between?: string;
  /** Prints rows as they come, in place of documents one after the other. */
  readonly rows?: () => Promise<(row: Readonly<Record<string, Value>>) => string>;
}

export interface Pieces {
  /** Adds what a device gave of a group to a text; nothing when it gave nothing of it. */
  readonly add: (text: TextBuffer, device: DeviceResult, group: Group, options: FormatOptions) => void;
  /** The document of what was added of each group, in pieces that follow each other. */
  readonly join: (groups: readonly (readonly [Group, added: TextBuffer])[]) => readonly Uint8Array[];
}

/** What formats have that print the document of a result. */
function documents(printDocument: DocumentPrinter): Required<Pick<Format, 'render' | 'printDocument'>> {
  return {
    printDocument,
    render: async (result, options) => await printDocument(toDocument(result, options)),
  };
}

const table = {
  text: { render: async (...args) => (await import('./text.ts')).text(...args), between: '\n' },
  rust: { alias: 'r', render: async (...args) => (await import('./rust.ts')).rust(...args), between: '' },
  'rust-pretty': {
    alias: 'R',
    render: async (...args) => (await import('./rust.ts')).rustPretty(...args),
    between: '',
  },
  json: {
    alias: 'j',
    ...documents(async (document) => (await import('./json.ts')).json(document)),
    pieces: async () => {
      const { addJsonObject, jsonDocument } = await import('./json.ts');
      return { add: addJsonObject, join: jsonDocument };
    },
    between: '',
  },
  'json-pretty': {
    alias: 'J',
    ...documents(async (document) => (await import('./json.ts')).jsonPretty(document)),
    between: '',
  },
  yaml: {
    alias: 'y',
    ...documents(async (document) => (await import('./yaml.ts')).yaml(document)),
    between: '---\n',
  },
  toml: {
    alias: 't',
    ...documents(async (document) => (await import('./toml.ts')).toml(document)),
    between: '\n',
  },
  'toml-pretty': {
    alias: 'T',
    ...documents(async (document) => (await import('./toml.ts')).tomlPretty(document)),
    between: '\n',
  },
  csv: {
    ...documents(async (document) => (await import('./csv.ts')).csv(document)),
    rows: async () => (await import('./csv.ts')).csvRows(),
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
