import type { GattCharacteristic, GattPropertyName } from '@ubmsc/session';

/** What the serial stream of a battery goes through. */
export interface SerialService<Characteristic> {
  readonly notifying: Characteristic;
  readonly writable: Characteristic;
  /** It is written to without response, unless that is changed. */
  readonly withoutResponse: boolean;
  /** It can be written to with and without response. */
  readonly writesBothWays: boolean;
}

/** Short UUIDs of the serial service and of its characteristics (reference, section 1.3). */
const SERIAL_SERVICE = 'ffe0';
const SERIAL_CHARACTERISTIC = 'ffe1';

export function isSerialService({ uuid }: { readonly uuid: string }): boolean {
  return isShortUuid(uuid, SERIAL_SERVICE);
}

/**
 * Chooses by their properties among the characteristics of the serial service: the oldest modules have two with UUID
 * FFE1 (reference, section 1.3). Returns undefined when there is none to write to or none to be notified by.
 */
export function chooseSerial<Characteristic extends GattCharacteristic>(
  characteristics: readonly Characteristic[],
): SerialService<Characteristic> | undefined {
  const serial = characteristics.filter(({ uuid }) => isShortUuid(uuid, SERIAL_CHARACTERISTIC));
  const having = (property: GattPropertyName): Characteristic | undefined =>
    serial.find(({ properties }) => properties.includes(property));
  const notifying = having('notify');
  const unconfirmed = having('writeWithoutResponse');
  const writable = unconfirmed ?? having('write');
  if (!notifying || !writable) return undefined;
  return {
    notifying,
    writable,
    withoutResponse: unconfirmed !== undefined,
    writesBothWays: unconfirmed?.properties.includes('write') ?? false,
  };
}

/** Whether a UUID is this 16-bit UUID, in its short or its 128-bit form (Core Specification, Vol 3, Part B, 2.5.1). */
function isShortUuid(uuid: string, short: string): boolean {
  return uuid === short || uuid === `0000${short}00001000800000805f9b34fb`;
}
