/** Number types of the records; all little-endian (reference, section 5). */
export type NumberType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'f64';

export type Unit = 'V' | 'A' | 'W' | 'Ω' | '°C' | '%' | 'Ah' | 'µs' | 's' | 'min' | 'h' | 'boolean';

/** Names of the bits of a mask. */
export type Bits = Readonly<Record<string, Bit>>;

export interface Bit {
  readonly bit: number;
  readonly help: string;
  /** Register that writes the bit alone (reference, section 6.2). */
  readonly register?: number;
}

interface FieldRow {
  /** Offset of the first byte from the first byte of the frame. */
  readonly at: number;
  readonly help: string;
  /** Register that writes the field (reference, section 7). */
  readonly register?: number;
  /** What a simulated device sends here: this, or its value of another name; that of the field's own name when left out. */
  readonly simulated?: number | string | { readonly from: string };
  /** Must never leave the program unless the user asks for it. */
  readonly secret?: true;
}

/** A row of a layout that is a number, or a list of numbers. */
export interface NumberField extends FieldRow {
  readonly type: NumberType;
  /** How many consecutive numbers; one when left out. */
  readonly count?: number;
  /** Raw numbers are divided by this to get the unit; 1 when left out. */
  readonly divisor?: number;
  readonly unit?: Unit;
  /** Raw number that stands for "no value". */
  readonly absent?: number;
  /** The least and the most that a battery can have. Another value is impossible, whatever the battery does. */
  readonly range?: readonly [least: number, most: number];
  /** Names of the bits, for a mask. */
  readonly bits?: Bits;
  /** Names of the values from 0 on, for an enumeration. */
  readonly values?: readonly string[];
  /** The field means something only while this bit of the record's `enableFlags` is set. */
  readonly enabledBy?: number;
}

/** Latin-1 text padded with NUL. What follows an inner NUL is kept, so that encoding gives the same bytes. */
export interface TextField extends FieldRow {
  readonly type: 'text';
  readonly size: number;
}

export interface BytesField extends FieldRow {
  readonly type: 'bytes';
  readonly size: number;
}

/** `count` consecutive groups of numbers, each of `size` bytes; offsets of `fields` count from the group's start. */
export interface StructField extends FieldRow {
  readonly type: 'struct';
  readonly size: number;
  readonly count: number;
  readonly fields: Readonly<Record<string, NumberField>>;
}

/** A row of a layout. */
export type Field = NumberField | TextField | BytesField | StructField;

type Scalar<F> = F extends { absent: number } ? number | null : number;

/** One group of a {@link StructField}. */
export type StructValue = Readonly<Record<string, number | null>>;

/** What any field decodes to: text, bytes, a number, a list of numbers or of groups; null is "no value". */
export type AnyFieldValue =
  string | Uint8Array | number | null | readonly (number | null)[] | readonly StructValue[];

/** What the field `F` decodes to. */
export type FieldValue<F extends Field> = Field extends F
  ? AnyFieldValue
  : F extends { type: 'text' }
    ? string
    : F extends { type: 'bytes' }
      ? Uint8Array
      : F extends { type: 'struct'; fields: infer Fields }
        ? readonly { readonly [Name in keyof Fields]: Scalar<Fields[Name]> }[]
        : F extends { count: number }
          ? readonly Scalar<F>[]
          : Scalar<F>;

/** Octets of each type of number. */
export const numberSizes: Readonly<Record<NumberType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  f64: 8,
};

/** Bytes that a field takes in the frame. */
export function fieldSize(field: Field): number {
  if (field.type === 'text' || field.type === 'bytes') return field.size;
  if (field.type === 'struct') return field.size * field.count;
  return numberSizes[field.type] * (field.count ?? 1);
}

/** The raw number at an offset. */
export function readNumber(view: DataView, type: NumberType, at: number): number {
  switch (type) {
    case 'u8':
      return view.getUint8(at);
    case 'i8':
      return view.getInt8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'i16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
  }
}

/** Writes a raw number at an offset. */
export function writeNumber(view: DataView, type: NumberType, at: number, raw: number): void {
  switch (type) {
    case 'u8':
      return view.setUint8(at, raw);
    case 'i8':
      return view.setInt8(at, raw);
    case 'u16':
      return view.setUint16(at, raw, true);
    case 'i16':
      return view.setInt16(at, raw, true);
    case 'u32':
      return view.setUint32(at, raw, true);
    case 'i32':
      return view.setInt32(at, raw, true);
    case 'f32':
      return view.setFloat32(at, raw, true);
    case 'f64':
      return view.setFloat64(at, raw, true);
  }
}

const isFloat = (type: NumberType): boolean => type === 'f32' || type === 'f64';

/** Raw numbers are divided, never multiplied by a fraction: 14306 / 1000 prints as 14.306. */
function decodeNumber({ type, divisor = 1, absent }: NumberField, view: DataView, at: number): number | null {
  const raw = readNumber(view, type, at);
  return raw === absent ? null : raw / divisor;
}

/** The value of a field of a record. This is what a layout's rows mean; faster ways must agree with it. */
export function decodeField(field: Field, bytes: Uint8Array, view: DataView): AnyFieldValue {
  const { at } = field;
  switch (field.type) {
    case 'text':
      return decodeText(bytes, at, field.size);
    case 'bytes':
      return bytes.slice(at, at + field.size);
    case 'struct':
      return Array.from({ length: field.count }, (_, index): StructValue => {
        const start = at + index * field.size;
        const values = Object.entries(field.fields).map(([name, each]) => [
          name,
          decodeNumber(each, view, start + each.at),
        ]);
        return Object.fromEntries(values);
      });
    default:
      return decodeNumbers(field, view);
  }
}

function decodeNumbers(field: NumberField, view: DataView): AnyFieldValue {
  const { at, count, type } = field;
  if (count === undefined) return decodeNumber(field, view, at);
  return Array.from({ length: count }, (_, index) =>
    decodeNumber(field, view, at + index * numberSizes[type]),
  );
}

function encodeNumber(
  { type, divisor = 1, absent = 0 }: NumberField,
  value: number | null,
  view: DataView,
  at: number,
): void {
  const raw = value === null ? absent : value * divisor;
  writeNumber(view, type, at, isFloat(type) ? raw : Math.round(raw));
}

/** The inverse of {@link decodeField}. What a list lacks is 0. Throws a TypeError for a value of another kind. */
export function encodeField(field: Field, value: AnyFieldValue, bytes: Uint8Array, view: DataView): void {
  const { at } = field;
  if (field.type === 'text' && typeof value === 'string') {
    bytes.set(encodeText(value, field.size), at);
  } else if (field.type === 'bytes' && value instanceof Uint8Array) {
    bytes.set(value.subarray(0, field.size), at);
  } else if (field.type === 'struct' && isGroups(value)) {
    for (const [index, group] of value.slice(0, field.count).entries()) {
      const start = at + index * field.size;
      for (const [name, each] of Object.entries(field.fields))
        encodeNumber(each, group[name] ?? null, view, start + each.at);
    }
  } else if (isNumeric(field) && field.count === undefined && (typeof value === 'number' || value === null)) {
    encodeNumber(field, value, view, at);
  } else if (isNumeric(field) && field.count !== undefined && isNumbers(value)) {
    for (let index = 0; index < field.count; index++) {
      encodeNumber(field, value[index] ?? 0, view, at + index * numberSizes[field.type]);
    }
  } else {
    throw new TypeError(`the field at ${at} does not take this value`);
  }
}

/** Whether a field holds a number or a list of them. */
export function isNumeric(field: Field): field is NumberField {
  return field.type !== 'text' && field.type !== 'bytes' && field.type !== 'struct';
}

function isNumbers(value: AnyFieldValue): value is readonly (number | null)[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number' || each === null);
}

function isGroups(value: AnyFieldValue): value is readonly StructValue[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}

/** Latin-1, so that every byte survives; trailing NULs are padding. */
export function decodeText(bytes: Uint8Array, at: number, size: number): string {
  let end = at + size;
  while (end > at && bytes[end - 1] === 0) end--;
  let text = '';
  for (let index = at; index < end; index++) text += String.fromCharCode(bytes[index] ?? 0);
  return text;
}

function encodeText(text: string, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) =>
    index < text.length ? text.charCodeAt(index) & 0xff : 0,
  );
}

/** Names of the bits that are set, in the order of the table. */
export function bitNames<B extends Bits>(bits: B, mask: number): (keyof B & string)[] {
  if (mask === 0) return [];
  return Object.keys(bits).filter((name) => hasBit(mask, bits[name]?.bit ?? 0));
}

/** Whether bit `bit` (0 to 31) of a mask is set. */
export function hasBit(mask: number, bit: number): boolean {
  return ((mask >>> bit) & 1) === 1;
}

/** Whether bit `bit` of a map in bytes is set: byte `bit >> 3`, bit `bit & 7`. */
export function hasFlag(flags: Uint8Array, bit: number): boolean {
  return hasBit(flags[bit >> 3] ?? 0, bit & 7);
}
