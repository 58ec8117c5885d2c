/** Properties of a characteristic, by the bits of Core Specification 5.4, Vol 3, Part G, 3.3.1.1. */
export const gattProperties = {
  broadcast: 0x01,
  read: 0x02,
  writeWithoutResponse: 0x04,
  write: 0x08,
  notify: 0x10,
  indicate: 0x20,
  authenticatedSignedWrites: 0x40,
  extendedProperties: 0x80,
} as const;

/** A property of a characteristic (Bluetooth Core Specification, volume 3, part G, 3.3.1.1). */
export type GattPropertyName = keyof typeof gattProperties;

/** A GATT service of a battery, as far as it was discovered. UUIDs are lower-case hexadecimal, of 4 digits where short. */
export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

/** A characteristic of a service, with what can be done with it. */
export interface GattCharacteristic {
  readonly uuid: string;
  readonly properties: readonly GattPropertyName[];
}
