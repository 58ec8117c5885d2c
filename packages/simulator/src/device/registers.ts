import {
  controls,
  decode,
  encode,
  numberSizes,
  writeNumber,
  type AnyFieldValue,
  type Field,
  type Layout,
  type Values,
} from '@ubmsc/protocol';
import type { Settings } from './settings.ts';

/** Whether a record has a field with this register. */
export function hasRegister(layout: Layout, register: number): boolean {
  return Object.values(layout.fields).some((row) => row.register === register);
}

/**
 * The values of a record after a register write, or undefined when no field of the record has this register.
 * The value is taken as little-endian, in the raw numbers of the field (reference, section 7).
 */
export function writeRegister<L extends Layout, V extends Partial<Values<L>>>(
  layout: L,
  values: V,
  register: number,
  value: Uint8Array,
): V | undefined {
  const found = Object.entries(layout.fields).find(([, row]) => row.register === register);
  if (found === undefined) return undefined;
  const [name, field] = found;
  const frame = encode(layout, values);
  store(field, value, frame.bytes);
  const written: Partial<Readonly<Record<string, AnyFieldValue>>> = decode(layout, frame);
  return { ...values, [name]: written[name] };
}

/** The settings after a write to the register of one bit of `controls`, or undefined for any other register. */
export function writeControl(settings: Settings, register: number, value: Uint8Array): Settings | undefined {
  const control = Object.values(controls).find((row) => row.register === register);
  if (control === undefined) return undefined;
  const mask = 1 << control.bit;
  return {
    ...settings,
    controls: littleEndian(value) === 0 ? settings.controls & ~mask : settings.controls | mask,
  };
}

function store(field: Field, value: Uint8Array, bytes: Uint8Array): void {
  if (field.type === 'text' || field.type === 'bytes') {
    bytes.fill(0, field.at, field.at + field.size);
    bytes.set(value.subarray(0, field.size), field.at);
  } else if (field.type === 'f32' || field.type === 'f64') {
    if (value.length === numberSizes[field.type]) bytes.set(value, field.at);
  } else if (field.type !== 'struct' && field.count === undefined) {
    // How an element of a list is addressed is not known (register 0x23), so that lists are never written.
    writeNumber(new DataView(bytes.buffer), field.type, field.at, littleEndian(value));
  }
}

function littleEndian(value: Uint8Array): number {
  return value.reduceRight((number, byte) => number * 256 + byte, 0);
}
