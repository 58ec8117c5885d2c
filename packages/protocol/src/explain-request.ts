import { controls } from './codes.ts';
import { toSpacedHex } from './hex.ts';
import { isNumeric, type Field } from './field.ts';
import { FRAME_LENGTH, type Frame } from './frame.ts';
import type { Layout, Variant } from './layout.ts';
import { deviceInfoCommon } from './layouts/device-info-common.ts';
import { layouts } from './layouts/index.ts';
import { snakeCase } from './measurements.ts';
import { meaning, numberAt, unitOf, type Meaning } from './record-fields.ts';
import { ACKNOWLEDGE, commands, type Request } from './request.ts';

/** What a request asks for. */
export interface ExplainedRequest {
  /** Number of the command or register, as `0x97`. */
  readonly command: string;
  /** `read_settings`, or the setting that is written: `cell_ovp`; `unknown` where neither is known. */
  readonly name: string;
  readonly action: 'read' | 'write' | 'acknowledge';
  /** What is written; null when nothing is, or when the register is not known. `***` for a secret. */
  readonly value: Meaning;
  readonly unit: string | null;
  /** Bytes of the value, as `04 00 00 00`; `***` for a secret. */
  readonly bytes: string;
}

/** Registers of texts that no request was captured of: inferred from their order (reference, section 7.1). */
const texts: Readonly<Record<number, readonly [string, Field]>> = {
  0x9b: ['deviceName', deviceInfoCommon.deviceName],
  0x9c: ['devicePasscode', deviceInfoCommon.devicePasscode],
  0x9e: ['serialNumber', deviceInfoCommon.serialNumber],
  0xa0: ['settingsPasscode', deviceInfoCommon.settingsPasscode],
};

/** Registers that no record reads back (reference, sections 7.1 to 7.3). */
const withoutField: Readonly<Partial<Record<Variant, Readonly<Record<number, readonly [string, Field]>>>>> = {
  'jk02-32s': {
    0x64: [
      'voltageCalibration',
      { at: 6, type: 'u32', divisor: 1000, unit: 'V', help: 'Pack voltage as measured' },
    ],
    0x67: [
      'currentCalibration',
      { at: 6, type: 'u32', divisor: 1000, unit: 'A', help: 'Current as measured' },
    ],
    0x6b: ['emergency', { at: 6, type: 'u32', unit: 'boolean', help: 'Starts or ends emergency mode' }],
    0x6c: ['setRtc', { at: 6, type: 'u32', unit: 's', help: 'Clock, since the beginning of 2020' }],
  },
  'jk02-24s': {
    0x21: [
      'voltageCalibration',
      { at: 6, type: 'u32', divisor: 1000, unit: 'V', help: 'Pack voltage as measured' },
    ],
    0x24: [
      'currentCalibration',
      { at: 6, type: 'u32', divisor: 1000, unit: 'A', help: 'Current as measured' },
    ],
  },
};

/**
 * What a request means to a device of this variant: a command that reads, or a register with the value to be written
 * (reference, sections 3.2 and 7). A value that a setting cannot have is explained as it is.
 */
export function explainRequest(
  { command, value }: Request,
  variant: Variant,
  { showSecrets = false }: { readonly showSecrets?: boolean | undefined } = {},
): ExplainedRequest {
  const number = `0x${command.toString(16).padStart(2, '0')}`;
  const none = { command: number, value: null, unit: null, bytes: toSpacedHex(value) };
  if (command === ACKNOWLEDGE) return { ...none, name: 'acknowledge', action: 'acknowledge' };
  const read = Object.entries(commands).find(([, known]) => known === command);
  if (read && value.length === 0) return { ...none, name: snakeCase(read[0]), action: 'read' };
  const control = Object.entries(controls).find(([, { register }]) => register === command);
  if (control && variant === 'jk02-32s')
    return { ...none, name: snakeCase(control[0]), action: 'write', value: value.some((byte) => byte !== 0) };
  const found = fieldOf(command, variant);
  if (!found) return { ...none, name: 'unknown', action: value.length === 0 ? 'read' : 'write' };
  const [name, field] = found;
  const named = { ...none, name: snakeCase(name), action: 'write' as const };
  if (field.secret && !showSecrets) return { ...named, value: '***', bytes: '***' };
  if (!isNumeric(field)) return { ...named, value: field.type === 'text' ? textOf(value) : null };
  // A list is written one number at a time.
  const written = meaning(field, numberAt(field, field.at, frameWith(value, field.at)));
  return {
    ...named,
    value: typeof written === 'object' && written !== null ? written.join(', ') : written,
    unit: unitOf(field) ?? null,
  };
}

function fieldOf(register: number, variant: Variant): readonly [string, Field] | undefined {
  const own = withoutField[variant]?.[register] ?? texts[register];
  if (own) return own;
  const all: readonly Layout[] = Object.values(layouts[variant]);
  for (const { fields } of all) {
    const found = Object.entries<Field>(fields).find(([, field]) => field.register === register);
    if (found) return found;
  }
  return undefined;
}

/** A record with these bytes where the field is. */
function frameWith(value: Uint8Array, at: number): Frame {
  const bytes = new Uint8Array(FRAME_LENGTH);
  bytes.set(value.subarray(0, FRAME_LENGTH - at), at);
  return { record: 'settings', counter: 0, bytes };
}

function textOf(value: Uint8Array): string {
  return new TextDecoder('latin1').decode(value).replaceAll(/[^\x20-\x7e]/g, '');
}
