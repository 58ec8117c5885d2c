import type { GattPropertyName, GattService } from '@ubmsc/session';
import { chooseSerial, isSerialService, type SerialService } from '../central/serial-service.ts';
import { noSerialServiceError, noServicesError } from '../central/link-errors.ts';
import { interfaces } from './names.ts';
import type { BluezObjects } from './objects.ts';
import { textOf, textsOf } from './properties.ts';

/** A characteristic of a device, as bluetoothd shows it. */
export interface BluezCharacteristic {
  readonly path: string;
  readonly uuid: string;
  readonly properties: readonly GattPropertyName[];
}

/** What a device offers, and where its serial stream goes through. */
export interface BluezGatt {
  readonly services: readonly GattService[];
  readonly serial: SerialService<BluezCharacteristic>;
}

/** Flags of BlueZ (doc/org.bluez.GattCharacteristic.rst) as properties of the Core Specification. */
const propertyOfFlag: Readonly<Record<string, GattPropertyName>> = {
  broadcast: 'broadcast',
  read: 'read',
  'write-without-response': 'writeWithoutResponse',
  write: 'write',
  notify: 'notify',
  indicate: 'indicate',
  'authenticated-signed-writes': 'authenticatedSignedWrites',
  'extended-properties': 'extendedProperties',
};

/**
 * Finds the serial service among what bluetoothd has resolved. Throws a LinkError when there are no services, and an
 * UnknownDeviceError when there is no serial one.
 */
export function findSerial(objects: BluezObjects, device: string, title: string): BluezGatt {
  const all = objects
    .having(interfaces.service)
    .filter(([path]) => path.startsWith(`${device}/`))
    .map(([path, properties]) => ({
      uuid: uuidOf(properties['UUID']),
      characteristics: characteristicsOf(objects, path),
    }));
  if (all.length === 0) throw noServicesError(title);
  const services = all.map(({ uuid, characteristics }) => ({
    uuid,
    characteristics: characteristics.map((each) => ({ uuid: each.uuid, properties: each.properties })),
  }));
  const serial = chooseSerial(all.find(isSerialService)?.characteristics ?? []);
  if (!serial) throw noSerialServiceError(title, all.some(isSerialService));
  return { services, serial };
}

/** Every characteristic of a device that can notify. */
export function notifyingCharacteristics(objects: BluezObjects, device: string): readonly string[] {
  return objects
    .having(interfaces.characteristic)
    .filter(([path, { Flags }]) => path.startsWith(`${device}/`) && textsOf(Flags).includes('notify'))
    .map(([path]) => path);
}

function characteristicsOf(objects: BluezObjects, service: string): readonly BluezCharacteristic[] {
  return objects
    .having(interfaces.characteristic)
    .filter(([path]) => path.startsWith(`${service}/`))
    .map(([path, properties]) => ({
      path,
      uuid: uuidOf(properties['UUID']),
      properties: textsOf(properties['Flags']).flatMap((flag) => propertyOfFlag[flag] ?? []),
    }));
}

function uuidOf(value: unknown): string {
  return (textOf(value) ?? '').replaceAll('-', '').toLowerCase();
}
