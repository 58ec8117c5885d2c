import { snakeCase } from '@ubmsc/protocol';
import { entriesOf, isList, isTable } from './entries.ts';
import type { Display, Entry, Scalar, Value } from './entry.ts';
import type { FormatOptions, Renderer, Result } from './result.ts';
import { sanitize } from '@ubmsc/base';

/** Joins what stands between two brackets. */
type Layout = (open: string, items: readonly string[], close: string, padding: string) => string;

/** `{:?}` of Rust. */
export const rust: Renderer = (result, options) =>
  structs(result, options, (open, items, close, padding) =>
    items.length === 0 ? `${open}${close}` : `${open}${padding}${items.join(', ')}${padding}${close}`,
  );

/** `{:#?}` of Rust. */
export const rustPretty: Renderer = (result, options) =>
  structs(result, options, (open, items, close) =>
    items.length === 0
      ? `${open}${close}`
      : `${open}\n${items.map((item) => `    ${item.replaceAll('\n', '\n    ')},\n`).join('')}${close}`,
  );

function structs({ devices }: Result, options: FormatOptions, layout: Layout): string {
  return options.groups
    .flatMap((group) =>
      devices.map((device) => {
        const entries = entriesOf(device, group, options);
        return entries === undefined ? '' : `${struct(snakeCase(group), entries, layout)}\n`;
      }),
    )
    .join('');
}

function struct(name: string, entries: readonly Entry[], layout: Layout): string {
  const field = (key: string, value: Value, display: Display | undefined): string => {
    if (!isList(value)) return isTable(value) ? '' : `${key}: ${scalar(value, display)}`;
    const items = value.map((item) => scalar(item, display));
    return `${key}: ${layout('[', items, ']', '')}`;
  };
  const fields = entries.map(({ key, value, display, columns }) => {
    if (!isTable(value)) return field(key, value, display);
    const rows = value.map((row) =>
      layout(
        `${structName(key)} {`,
        Object.entries(row).map(([column, cell]) => field(column, cell, columns?.[column])),
        '}',
        ' ',
      ),
    );
    return `${key}: ${layout('[', rows, ']', '')}`;
  });
  return layout(`${structName(name)} {`, fields, '}', ' ');
}

/** `cell_data` → `CellData`. */
function structName(key: string): string {
  return key.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function scalar(value: Scalar, display: Display | undefined): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  const digits = String(value).replace('e+', 'e');
  return !isInteger(display) && Number.isInteger(value) && !digits.includes('e') ? `${digits}.0` : digits;
}

/** Numbers, percentages and seconds are counted by the device, the rest is measured. */
function isInteger({ unit }: Display = {}): boolean {
  return unit === undefined || unit === '%' || unit === 's';
}

const escapes: Readonly<Record<string, string>> = { '\0': '\\0', '\t': '\\t', '\r': '\\r', '\n': '\\n' };

function quote(text: string): string {
  const escaped = sanitize(text.replace(/["\\]/g, '\\$&'), (character) => {
    // Half of a surrogate pair is not a character in Rust.
    const code = /\p{Cs}/u.test(character) ? 0xfffd : (character.codePointAt(0) ?? 0);
    return escapes[character] ?? `\\u{${code.toString(16)}}`;
  });
  return `"${escaped}"`;
}
