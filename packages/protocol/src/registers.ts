import { controls } from './codes.ts';
import { numberSizes, writeNumber, type Field, type NumberType } from './field.ts';
import type { Variant } from './layout.ts';
import { layouts } from './layouts/index.ts';
import { encodeRequest } from './request.ts';

/** How the value of a register is written. */
export interface Register {
  readonly register: number;
  readonly type: NumberType | 'text';
  /** A value is multiplied by this; 1 when left out. */
  readonly divisor?: number;
}

type Registers = Readonly<Record<string, Register>>;

/** Registers that no record shows (reference, section 7). */
// A table is read by its columns:
// prettier-ignore
const unread: Readonly<Record<Variant, Registers>> = {
  jk04: {},
  'jk02-24s': {
    voltageCalibration: { register: 0x21, type: 'u32', divisor: 1000 },
    currentCalibration: { register: 0x24, type: 'u32', divisor: 1000 },
    ...wireResistances(24),
  },
  'jk02-32s': {
    voltageCalibration: { register: 0x64, type: 'u32', divisor: 1000 },
    currentCalibration: { register: 0x67, type: 'u32', divisor: 1000 },
    emergency: { register: 0x6b, type: 'u32' },
    rtc: { register: 0x6c, type: 'u32' },
  },
};

/** One register for the wire to each cell, from 0x27 on. */
function wireResistances(cells: number): Registers {
  const one = (_: unknown, index: number): [string, Register] => [
    `connectionWireResistance${index + 1}`,
    { register: 0x27 + index, type: 'u32', divisor: 1000 },
  ];
  return Object.fromEntries(Array.from({ length: cells }, one));
}

/** What the reference says not to write (section 7.1). */
const untouchable = new Set(['connectionWireResistances', 'currentRange']);

/**
 * The registers of a variant by the names of their fields: the same number means different things in each (reference,
 * section 7). Commands are not among them.
 */
export function registersOf(variant: Variant): Registers {
  const { settings, deviceInfo } = layouts[variant];
  const switches = Object.entries(variant === 'jk02-32s' ? controls : {});
  return {
    ...Object.fromEntries(
      [...Object.entries<Field>(settings.fields), ...Object.entries<Field>(deviceInfo.fields)].flatMap(
        ([name, field]) => {
          const register = toRegister(field);
          return register && !untouchable.has(name) ? [[name, register] as const] : [];
        },
      ),
    ),
    ...Object.fromEntries(switches.map(([name, { register }]) => [name, { register, type: 'u32' as const }])),
    ...unread[variant],
  };
}

function toRegister(field: Field): Register | undefined {
  const { register, type } = field;
  if (register === undefined || type === 'bytes' || type === 'struct') return undefined;
  if (type === 'text') return { register, type };
  // An enumeration has a byte in the record and two in the request.
  if (field.values) return { register, type: 'u16' };
  return { register, type, ...(field.divisor !== undefined && { divisor: field.divisor }) };
}

/**
 * The request that writes a register, for simulators and for tests: nothing in this program sends it to a battery. Throws
 * a RangeError for a name that the variant has no register for, and for a text of more than 13 characters.
 */
export function encodeRegisterWrite(variant: Variant, name: string, value: number | string): Uint8Array {
  const found = registersOf(variant)[name];
  if (!found) throw new RangeError(`${variant} has no register ${name}`);
  const { register, type, divisor = 1 } = found;
  if (type === 'text')
    return encodeRequest(
      register,
      Uint8Array.from(String(value), (letter) => letter.charCodeAt(0)),
    );
  const bytes = new Uint8Array(numberSizes[type]);
  const isReal = type === 'f32' || type === 'f64';
  writeNumber(
    new DataView(bytes.buffer),
    type,
    0,
    isReal ? Number(value) : Math.round(Number(value) * divisor),
  );
  return encodeRequest(register, bytes);
}
