import { fieldSize, type Field } from './field.ts';
import { sealFrame, type Frame } from './frame.ts';
import { layouts } from './layouts/index.ts';
import { decodeRequest, encodeRequest } from './request.ts';

const deviceInfos = Object.values(layouts).map(({ deviceInfo }) => deviceInfo.fields);
const infoFields = deviceInfos.flatMap((fields): Field[] => Object.values(fields));

/** A frame is redacted before its variant is known, so what is secret in one variant is blanked in all of them. */
const secrets = infoFields.filter(({ secret }) => secret === true);

const serialNumbers = deviceInfos.map(({ serialNumber }) => serialNumber);

/**
 * The frame without what must not leave the program: NULs in place of both passcodes and of the bytes that older
 * units have after the serial number, and a checksum that fits (reference, sections 5.8 and 8.15). Works for every
 * variant without knowing it. Records without secrets come back as they are. Never throws.
 */
export function redact(frame: Frame): Frame {
  if (frame.record !== 'deviceInfo') return frame;
  const bytes = frame.bytes.slice();
  for (const field of secrets) bytes.fill(0, field.at, field.at + fieldSize(field));
  for (const { at, size } of serialNumbers) {
    const end = bytes.subarray(at, at + size).indexOf(0);
    if (end >= 0) bytes.fill(0, at + end, at + size);
  }
  return sealFrame(frame.record, bytes);
}

/** The registers of these fields, in any variant: what means one thing to one device may be sent to another. */
const registersOf = (fields: readonly Field[]): ReadonlySet<number> =>
  new Set(fields.flatMap(({ register }) => register ?? []));

const secretRegisters = registersOf(secrets);

/** So many characters of text in a row, where no message is, may be a passcode. */
export const TEXT_RUN = 4;

/** What is written to a battery, without a passcode that it sets. In anything that is not a request, text is blanked. */
export function redactRequest(bytes: Uint8Array): Uint8Array {
  return blankRequest(bytes, secretRegisters);
}

function blankRequest(bytes: Uint8Array, registers: ReadonlySet<number>): Uint8Array {
  const request = decodeRequest(bytes);
  if (!request) return blankText(bytes);
  if (!registers.has(request.command)) return bytes;
  return encodeRequest(request.command, new Uint8Array(request.value.length));
}

/** Whether a byte is a character of text. */
export function isTextByte(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

/** The bytes without text that may be a passcode. */
export function blankText(bytes: Uint8Array): Uint8Array {
  const blanked = new Uint8Array(bytes);
  for (let at = 0, start = 0; at <= bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (isTextByte(byte)) continue;
    if (at - start >= TEXT_RUN) blanked.fill(0, start, at);
    start = at + 1;
  }
  return blanked;
}

/** Takes out of records and requests what must not leave the program. */
export interface Redactor {
  /** The frame without it, with a new checksum. */
  frame(frame: Frame): Frame;
  /** What is written to a battery, without it. */
  request(bytes: Uint8Array): Uint8Array;
}

/** Takes out both passcodes; see {@link redact}. */
export const withoutSecrets: Redactor = { frame: redact, request: redactRequest };

/** What a battery is called instead of what it is. */
export interface Pseudonym {
  readonly address: string;
  readonly name: string;
  /** Of the same length as the true one. */
  serialNumber(length: number): string;
}

/** The pseudonym of the battery that is the `number`th from 1 on: it tells nothing of the true name. */
export function pseudonymOf(number: number): Pseudonym {
  const octets = [number >> 16, number >> 8, number].map((octet) =>
    (octet & 0xff).toString(16).toUpperCase().padStart(2, '0'),
  );
  return {
    // Locally administered, as no real module's is (IEEE 802, 8.2).
    address: `02:00:00:${octets.join(':')}`,
    name: `BATTERY_${number}`,
    serialNumber: (length) => String(number).padStart(length, '0').slice(-length),
  };
}

/** Of passcodes, name, serial number and the texts of the user: a text that can be written is somebody's. */
const personalRegisters = registersOf(infoFields.filter(({ type }) => type === 'text'));

const { deviceName, serialNumber, userData, userData2 } = layouts['jk02-32s'].deviceInfo.fields;

/**
 * Takes out the passcodes, and puts a pseudonym in place of the name and the serial number of a battery; the texts of
 * its user are blanked.
 */
export function withPseudonym(pseudonym: Pseudonym): Redactor {
  return {
    frame(frame) {
      if (frame.record !== 'deviceInfo') return frame;
      const { bytes } = redact(frame);
      const serialLength = bytes.subarray(serialNumber.at, serialNumber.at + serialNumber.size).indexOf(0);
      fill(bytes, deviceName, pseudonym.name);
      fill(bytes, serialNumber, pseudonym.serialNumber(serialLength < 0 ? serialNumber.size : serialLength));
      fill(bytes, userData, '');
      // What is there in the other variants is not known, and is not text.
      if (isText(bytes.subarray(userData2.at, userData2.at + userData2.size))) fill(bytes, userData2, '');
      return sealFrame(frame.record, bytes);
    },
    request: (bytes) => blankRequest(bytes, personalRegisters),
  };
}

function fill(
  bytes: Uint8Array,
  { at, size }: { readonly at: number; readonly size: number },
  text: string,
): void {
  bytes.fill(0, at, at + size);
  bytes.set(new TextEncoder().encode(text).subarray(0, size), at);
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0 || isTextByte(byte));
}
