/**
 * A device address as text: six octets, most significant first, in upper-case hexadecimal, separated by
 * colons, such as `C8:47:8C:00:00:01` (Core Specification 5.4, Vol 6, Part B, 1.3). On the wire the octets
 * are in the opposite order.
 */
const pattern = /^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/;

/** Address_Type of Core Specification 5.4, Vol 4, Part E, 7.8.12. */
export const AddressType = { public: 0x00, random: 0x01 } as const;

/** A device address together with its Address_Type: public and random addresses are separate spaces. */
export interface DeviceAddress {
  readonly type: number;
  readonly address: string;
}

/** Whether this is a Bluetooth address, such as `C8:47:80:00:00:01`. */
export function isAddress(text: string): boolean {
  return pattern.test(text);
}

/** The six octets of an address in the order of the wire. */
export function encodeAddress(address: string): Buffer {
  return Buffer.from(address.split(':').toReversed().join(''), 'hex');
}

/** Reads the six octets at `offset`. */
export function decodeAddress(bytes: Buffer, offset: number): string {
  const octets = [...bytes.subarray(offset, offset + 6)].toReversed();
  return octets.map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join(':');
}
