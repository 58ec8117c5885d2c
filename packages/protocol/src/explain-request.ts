import { toSpacedHex } from './hex.ts';
import { isNumeric, type Field } from './field.ts';
import { FRAME_LENGTH, type Frame } from './frame.ts';
import type { Layout } from './layout.ts';
import { layouts, variants, type Variant } from './layouts/index.ts';
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
  const control = controlOf(command, variant);
  if (control !== undefined)
    return { ...none, name: snakeCase(control), action: 'write', value: value.some((byte) => byte !== 0) };
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

/** The bit of a mask that has a register of its own. */
function controlOf(register: number, variant: Variant): string | undefined {
  for (const [, field] of rowsOf(variant)) {
    const bits = (isNumeric(field) && field.bits) || {};
    const found = Object.keys(bits).find((name) => bits[name]?.register === register);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a variant does not know the register of a text, it is that of another: it may be a passcode. */
function fieldOf(register: number, variant: Variant): readonly [string, Field] | undefined {
  const isOf = ([, field]: readonly [string, Field]): boolean => field.register === register;
  return (
    rowsOf(variant).find(isOf) ?? variants.flatMap(rowsOf).find((row) => row[1].type === 'text' && isOf(row))
  );
}

function rowsOf(variant: Variant): (readonly [string, Field])[] {
  const all: readonly Layout[] = Object.values(layouts[variant]);
  return all.flatMap(({ fields, writeOnly }) => Object.entries<Field>({ ...writeOnly, ...fields }));
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
