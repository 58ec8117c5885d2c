import { snakeCase } from '@ubmsc/protocol';
import type { DocumentPrinter } from './document.ts';
import type { Entry, Scalar, Value } from './entry.ts';
import type { Group } from './result.ts';

export const json: DocumentPrinter = (document) => `${JSON.stringify(document)}\n`;

export const jsonPretty: DocumentPrinter = (document) => `${JSON.stringify(document, null, 2)}\n`;

/** What a device gave of a group, as an object: a long capture is kept as text, which takes less memory than its values. */
export function jsonObject(entries: readonly Entry[]): string {
  let text = '{';
  for (const { key, value } of entries) text += `${text === '{' ? '' : ','}${keyOf(key)}${jsonValue(value)}`;
  return `${text}}`;
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

const numberText = (value: number): string => (Number.isFinite(value) ? String(value + 0) : 'null');

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
