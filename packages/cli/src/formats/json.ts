import { snakeCase } from '@ubmsc/protocol';
import type { DocumentPrinter } from './document.ts';
import { visitEntries, visitOrigin } from './entries.ts';
import type { Scalar, Value } from './entry.ts';
import { writeReading, writeRecord } from './json-reading.ts';
import type { DeviceResult, FormatOptions, Group } from './result.ts';
import type { TextBuffer } from './text-buffer.ts';

export const json: DocumentPrinter = (document) => `${JSON.stringify(document)}\n`;

export const jsonPretty: DocumentPrinter = (document) => `${JSON.stringify(document, null, 2)}\n`;

/**
 * Adds what a device gave of a group to a text, as an object with a comma after it; nothing when it gave nothing. A long
 * capture is kept as text, which takes less memory than its values.
 */
export function addJsonObject(
  text: TextBuffer,
  device: DeviceResult,
  group: Group,
  options: FormatOptions,
): void {
  const isReading = group === 'cellData' && !device.records?.cellData;
  if (isReading && device.measured) {
    writeRecord(text, device.measured);
    return;
  }
  const reading = isReading ? device.reading : undefined;
  let before = '{';
  const addEntry = (key: string, value: Value): void => {
    text.add(before);
    text.add(keyOf(key));
    addValue(text, value);
    before = ',';
  };
  if (reading) {
    writeReading(text, reading);
    before = ',';
    visitOrigin(device, reading, addEntry);
    text.add('},');
  } else if (visitEntries(device, group, options, addEntry)) text.add(before === '{' ? '{},' : '},');
}

/** The document of what was added of each group. */
export function jsonDocument(groups: readonly (readonly [Group, objects: TextBuffer])[]): Uint8Array[] {
  return [
    ...groups.flatMap(([group, { octets }], index) => [
      Buffer.from(`${index === 0 ? '{' : ','}${keyOf(snakeCase(group))}[`),
      octets.subarray(0, -1),
      Buffer.from(']'),
    ]),
    Buffer.from(groups.length === 0 ? '{}\n' : '}\n'),
  ];
}

/** Like JSON.stringify, which takes twice as long for a list of numbers. */
function addValue(text: TextBuffer, value: Value): void {
  if (typeof value === 'string') text.addQuoted(value);
  else if (typeof value === 'number') text.add(numberText(value));
  else if (Array.isArray(value) && isNumbers(value)) text.add(`[${value.map(numberText).join(',')}]`);
  else text.add(JSON.stringify(value));
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
