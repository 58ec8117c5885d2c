import { decodeText } from '../../field.ts';
import { deviceInfoCommon } from './device-info.ts';

/** Whether any of the bytes from `start` up to `end` is not 0. */
export function anySet(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return true;
  return false;
}

/**
 * Whether cell data has a map of enabled fields. Bits 1 to 7 and 16 to 22 are set on every device that has one, and bit 23
 * on none yet: as a time since power-on of JK04 that would be 68 years.
 */
export function mapsCellData(bytes: Uint8Array): boolean {
  return bytes[287] === 0xfe && ((bytes[289] ?? 0) & 0x7f) === 0x7f;
}

/** Whether settings have a map of registers. */
export function mapsSettings(bytes: Uint8Array): boolean {
  return anySet(bytes, 287, 296);
}

/** Whether device info has a map of commands or of enabled fields. */
export function mapsDeviceInfo(bytes: Uint8Array): boolean {
  return anySet(bytes, 150, 182) || bytes[287] !== 0;
}

/** Whether cell data has something after the fields that JK02_24S is known to fill. */
export function hasTail(bytes: Uint8Array): boolean {
  return anySet(bytes, 218, 299);
}

/** Every JK04 device begins its settings with 1.0. */
const ONE = [0x00, 0x00, 0x80, 0x3f];

/** Whether settings begin with 1.0 as a float. */
export function beginsWithOne(bytes: Uint8Array): boolean {
  return ONE.every((byte, index) => bytes[6 + index] === byte);
}

/** JK04 is spoken by balancers, which measure no current: their models end with the number of cells (section 4.1). */
const BALANCER = /^JK[-_]B[A-Z]*\d+A\d+S\b/;

/** Models of battery management systems go on with the current, such as `20P` for 200 A. */
const BATTERY_MANAGEMENT = /^JK[-_]B[A-Z]*\d+A\d+S[A-Z]*\d*P\b/;

/** What the texts of device info without maps tell of the device. */
export interface Identity {
  readonly model: string;
  readonly kind: 'balancer' | 'battery management' | undefined;
  readonly isDated: boolean;
  readonly isNumbered: boolean;
}

/**
 * What the texts of device info without maps tell. Some firmware sends a second record without texts (reference,
 * section 11): that tells nothing, and is undefined.
 */
export function identityIn(bytes: Uint8Array): Identity | undefined {
  const { totalRuntime, manufacturingDate, serialNumber } = deviceInfoCommon;
  if (!anySet(bytes, MODEL.at, totalRuntime.at)) return undefined;
  const model = decodeText(bytes, MODEL.at, MODEL.size);
  return {
    model,
    kind: BALANCER.test(model)
      ? 'balancer'
      : BATTERY_MANAGEMENT.test(model)
        ? 'battery management'
        : undefined,
    isDated: decodeText(bytes, manufacturingDate.at, manufacturingDate.size) !== '',
    isNumbered: decodeText(bytes, serialNumber.at, serialNumber.size) !== '',
  };
}

/** Where devices without maps have their model. */
const MODEL = { at: 6, size: 16 };
