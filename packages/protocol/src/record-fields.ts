import {
  bitNames,
  decodeField,
  fieldSize,
  hasFlag,
  isNumeric,
  numberSizes,
  type Field,
  type NumberField,
} from './field.ts';
import type { Frame, RecordName } from './frame.ts';
import type { Layout } from './layout.ts';
import { snakeCase } from './measurements.ts';

/** What one number or text of a record means. */
export type Meaning = string | number | boolean | null;

/** What of a record is shown. */
export interface FieldOptions {
  /** Unknown and reserved fields, and those that the device says it lacks, too. */
  readonly raw?: boolean | undefined;
  /** Secrets are `***` without it. */
  readonly showSecrets?: boolean | undefined;
}

/** The fields of a layout in its order, without unknown and reserved ones unless `raw` asks for them. */
export function namedFields({ fields }: Layout, { raw = false }: FieldOptions): [string, Field][] {
  return Object.entries<Field>(fields).filter(([name]) => raw || !/^(?:unknown|reserved)\d+$/.test(name));
}

/**
 * The fields of a record that are shown, in the order of its layout: those that mean something on this device. The bits
 * of a mask are chosen likewise: a setting that is a bit has a register, which the device may lack.
 */
export function shownFields(layout: Layout, frame: Frame, options: FieldOptions): [string, Field][] {
  const fields = namedFields(layout, options);
  if (options.raw) return fields;
  return fields
    .filter(([, field]) => isEnabled(field, frame, layout))
    .map(([name, field]) => [name, isNumeric(field) ? withOwnBits(field, frame, layout) : field]);
}

function withOwnBits(field: NumberField, frame: Frame, layout: Layout): NumberField {
  if (!field.bits) return field;
  const own = Object.entries(field.bits).filter(([, { register }]) => hasEnableFlag(register, frame, layout));
  return { ...field, bits: Object.fromEntries(own) };
}

/**
 * Whether the record's map says that a field means something on this device (reference, sections 5.1, 5.4 and 8.7). In
 * settings the flag of a field has the number of its register. Records without a map have every field.
 */
export function isEnabled(field: Field, frame: Frame, layout: Layout): boolean {
  return hasEnableFlag(enableFlagOf(field, layout), frame, layout);
}

/** Number of the flag that says whether a field means something; undefined for one that every device has. */
export function enableFlagOf(field: Field, { record, fields }: Layout): number | undefined {
  if (!('enableFlags' in fields)) return undefined;
  if (record === 'settings') return field.register;
  return 'enabledBy' in field ? field.enabledBy : undefined;
}

function hasEnableFlag(flag: number | undefined, { bytes }: Frame, { fields }: Layout): boolean {
  const map = fields['enableFlags'];
  if (flag === undefined || map === undefined) return true;
  return hasFlag(bytes.subarray(map.at, map.at + fieldSize(map)), flag);
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
