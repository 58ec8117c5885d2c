import { LinkError, UnknownDeviceError } from '@ubmsc/session';

/** The battery refuses until it is paired. */
export function pairingError(title: string, cause?: unknown): LinkError {
  return new LinkError(
    `${title} wants to be paired before it is read`,
    "pair it with bluetoothctl (most take the passkey 123456) and read it over openAdapter('bluez'); or free it from its phone by a factory reset",
    { cause, reason: 'pairingRequired' },
  );
}

/** The device names no services at all. */
export function noServicesError(title: string): LinkError {
  return new LinkError(
    `${title} names no services, as has been seen of firmware 19`,
    'switch its Bluetooth off and on; if that does not help, other firmware may',
    { reason: 'noServices' },
  );
}

/** The device has no serial service, or (`hasService`) nothing in it that can be used. */
export function noSerialServiceError(title: string, hasService: boolean): UnknownDeviceError {
  const what = hasService
    ? 'has no characteristic FFE1 to write to and be notified by'
    : 'has no service FFE0';
  return new UnknownDeviceError(
    `${title} ${what}, so it is not a JK battery`,
    'choose another device; adapter.scan() lists what is in range',
    { reason: 'noSerialService' },
  );
}
