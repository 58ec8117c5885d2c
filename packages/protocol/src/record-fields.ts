import { bitNames, decodeField, isNumeric, numberSizes, type Field, type NumberField } from './field.ts';
import type { Frame, RecordName } from './frame.ts';
import type { Layout } from './layout.ts';
import { snakeCase } from './measurements.ts';

/** What one number or text of a record means. */
export type Meaning = string | number | boolean | null;

/** What of a record is shown. */
export interface FieldOptions {
  /** Fields that nobody understands, and reserved ones, too. */
  readonly raw?: boolean | undefined;
  /** Secrets are `***` without it. */
  readonly showSecrets?: boolean | undefined;
}

/** The fields of a layout that are shown, in its order. */
export function shownFields({ fields }: Layout, { raw = false }: FieldOptions): [string, Field][] {
  return Object.entries<Field>(fields).filter(([name]) => raw || !/^(?:unknown|reserved)\d+$/.test(name));
}

/** How many numbers or groups of a list mean something: a number that another field of the record has. */
const counts: Readonly<Partial<Record<RecordName, Readonly<Record<string, string>>>>> = {
  settings: { connectionWireResistances: 'cellCount' },
  logbook: { entries: 'entryCount' },
  detailLog: { records: 'recordCount' },
};

/** How many numbers or groups of a field are shown: those that mean something. */
export function shownCount(layout: Layout, name: string, frame: Frame): number {
  const field = layout.fields[name];
  const length = field && 'count' in field ? (field.count ?? 1) : 1;
  const counter = layout.fields[counts[layout.record]?.[name] ?? ''];
  const counted = counter && decodeField(counter, frame.bytes, viewOf(frame));
  return typeof counted === 'number' ? Math.min(length, counted) : length;
}

/** The bytes of a frame as numbers. */
export function viewOf({ bytes }: Frame): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The number at an offset; null where the device has none. */
export function numberAt(field: NumberField, at: number, frame: Frame): number | null {
  const { count: _, ...one } = field;
  const value = decodeField({ ...one, at }, frame.bytes, viewOf(frame));
  return typeof value === 'number' ? value : null;
}

/** Offset of a number of a list from that of the list. */
export function offsetOf({ at, type }: NumberField, index: number): number {
  return at + index * numberSizes[type];
}

/** What a number means: the names of the bits that are set, the name of a value, yes or no, or the number. */
export function meaning(field: NumberField, value: number | null): Meaning | readonly string[] {
  if (value === null || !Number.isFinite(value)) return null;
  if (field.bits) return bitNames(field.bits, value).map(snakeCase);
  if (field.values) return field.values[value] ?? `code ${value}`;
  if (field.unit === 'boolean') return value !== 0;
  return field.type === 'f32' ? shortestFloat(value) : value;
}

/** A float32 has some seven digits; JavaScript shows more of them: 3.3499999046325684 is 3.35. */
function shortestFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Text up to its first NUL. */
export function visibleText(text: string): string | null {
  return text.split('\0', 1)[0] || null;
}

/** Unit of a field as the vocabulary spells it. */
export function unitOf(field: Field): string | undefined {
  if (!isNumeric(field) || field.unit === 'boolean') return undefined;
  return field.unit === 'Ah' ? 'A·h' : field.unit;
}
