/** AD types (Core Specification Supplement, Part A, section 1). */
const adTypes = { flags: 0x01, incompleteUuids16: 0x02, completeName: 0x09, manufacturerData: 0xff };

/** Most bytes of advertising data or of a scan response (Core Specification, Vol 6, Part B, section 2.3). */
const MAX_LENGTH = 31;

/** LE General Discoverable, BR/EDR not supported. */
const FLAGS = 0x06;

/** Little-endian: FFE0 and FEE7. */
const SERVICE_UUIDS = [0xe0, 0xff, 0xe7, 0xfe];

/** Company 0x0B65 in little-endian, and what JK modules put in front of their address. */
const MANUFACTURER_PREFIX = [0x65, 0x0b, 0x88, 0xa0];

/** The advertising data of a classic JK module with this address (reference, section 1.1). */
export function advertisingData(address: string): Buffer {
  return Buffer.from([
    ...structure(adTypes.flags, [FLAGS]),
    ...structure(adTypes.incompleteUuids16, SERVICE_UUIDS),
    ...structure(adTypes.manufacturerData, [...MANUFACTURER_PREFIX, ...addressBytes(address)]),
  ]);
}

/** The scan response: the name, cut to what fits (reference, section 1.1); empty without one. */
export function scanResponseData(name: string): Buffer {
  if (name === '') return Buffer.alloc(0);
  const bytes = Buffer.from(name, 'latin1').subarray(0, MAX_LENGTH - 2);
  return Buffer.from(structure(adTypes.completeName, [...bytes]));
}

function structure(type: number, data: readonly number[]): number[] {
  return [data.length + 1, type, ...data];
}

/** Most significant byte first. */
function addressBytes(address: string): number[] {
  return address.split(':').map((byte) => Number.parseInt(byte, 16));
}
