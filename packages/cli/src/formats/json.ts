import { snakeCase } from '@ubmsc/protocol';
import type { DocumentPrinter } from './document.ts';
import { visitEntries } from './entries.ts';
import type { Scalar, Value } from './entry.ts';
import type { DeviceResult, FormatOptions, Group } from './result.ts';

export const json: DocumentPrinter = (document) => `${JSON.stringify(document)}\n`;

export const jsonPretty: DocumentPrinter = (document) => `${JSON.stringify(document, null, 2)}\n`;

/**
 * What a device gave of a group, as an object; undefined when it gave nothing of it. A long capture is kept as text,
 * which takes less memory than its values.
 */
export function jsonObject(device: DeviceResult, group: Group, options: FormatOptions): string | undefined {
  let text = '{';
  const isRead = visitEntries(device, group, options, (key, value) => {
    text += text === '{' ? keyOf(key) : `,${keyOf(key)}`;
    text += jsonValue(value);
  });
  return isRead ? `${text}}` : undefined;
}

/** The objects of each group, with commas between them, as one document. */
export function jsonDocument(groups: readonly (readonly [Group, objects: string])[]): string {
  return `{${groups.map(([group, objects]) => `${keyOf(snakeCase(group))}[${objects}]`).join(',')}}\n`;
}

/** Like JSON.stringify, which takes twice as long for a list of numbers. */
function jsonValue(value: Value): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value === null) return 'null';
  return isNumbers(value) ? `[${value.map(numberText).join(',')}]` : JSON.stringify(value);
}

/** Texts of numbers that were printed before: to print 3.284 takes longer than to look it up, and records repeat. */
const numbers = new Map<number, string>();

/** Most numbers that are remembered. */
const MOST_NUMBERS = 20_000;

function numberText(value: number): string {
  let text = numbers.get(value);
  if (text === undefined) {
    text = Number.isFinite(value) ? String(value) : 'null';
    if (numbers.size >= MOST_NUMBERS) numbers.clear();
    numbers.set(value, text);
  }
  return text;
}

const isNumbers = (value: Exclude<Value, Scalar>): value is readonly number[] =>
  value.every((item) => typeof item === 'number');

const keys = new Map<string, string>();

/** A key with what follows it: the keys of all records are the same few. */
function keyOf(key: string): string {
  let known = keys.get(key);
  if (known === undefined) {
    known = `${JSON.stringify(key)}:`;
    keys.set(key, known);
  }
  return known;
}
