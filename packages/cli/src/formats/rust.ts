import type { Measurement, MeasurementGroup } from '@ubmsc/protocol';
import { entriesOf, isList, type Entry, type Scalar } from './entries.ts';
import type { FormatOptions, Renderer, Result } from './result.ts';
import { sanitize } from './sanitize.ts';

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
        return entries === undefined ? '' : `${struct(group, entries, layout)}\n`;
      }),
    )
    .join('');
}

function struct(group: MeasurementGroup, entries: readonly Entry[], layout: Layout): string {
  const fields = entries.map(({ key, value, measurement }) => {
    const one = (item: Scalar): string => scalar(item, measurement);
    return `${key}: ${isList(value) ? layout('[', value.map(one), ']', '') : one(value)}`;
  });
  return layout(`${group.charAt(0).toUpperCase()}${group.slice(1)} {`, fields, '}', ' ');
}

function scalar(value: Scalar, measurement: Measurement | undefined): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  const digits = String(value).replace('e+', 'e');
  return !isInteger(measurement) && Number.isInteger(value) && !digits.includes('e') ? `${digits}.0` : digits;
}

/** Numbers, percentages and seconds are counted by the device, the rest is measured. */
function isInteger(measurement: Measurement | undefined): boolean {
  const unit = measurement?.unit;
  return unit === undefined || unit === '%' || unit === 's';
}

const escapes: Readonly<Record<string, string>> = { '\0': '\\0', '\t': '\\t', '\r': '\\r', '\n': '\\n' };

function quote(text: string): string {
  const escaped = sanitize(text.replace(/["\\]/g, '\\$&'), (character) => {
    // Half of a surrogate pair is no character of Rust.
    const code = /\p{Cs}/u.test(character) ? 0xfffd : (character.codePointAt(0) ?? 0);
    return escapes[character] ?? `\\u{${code.toString(16)}}`;
  });
  return `"${escaped}"`;
}
