/** AD types (Core Specification Supplement, Part A, section 1). */
const adTypes = { flags: 0x01, incompleteUuids16: 0x02, completeName: 0x09, manufacturerData: 0xff };

/** Most bytes of advertising data or of a scan response (Core Specification, Vol 6, Part B, section 2.3). */
const MAX_LENGTH = 31;

/** LE General Discoverable, BR/EDR not supported. */
const FLAGS = 0x06;

/** UUIDs of services. */
const [FFE0, FEE7] = [0xffe0, 0xfee7];

/** What classic modules put in front of their address. */
const CLASSIC_PREFIX = [0x88, 0xa0];

/**
 * What modules advertise, by the identifier of the company that they name: their services, and what stands after that
 * identifier (reference, section 1.1).
 */
const advertisements = {
  '0x0B65': { company: 0x0b65, services: [FFE0, FEE7], data: classicData },
  '0xFAD6': { company: 0xfad6, services: [FFE0, FEE7], data: classicData },
  '0x4B4A': { company: 0x4b4a, services: [FFE0], data: () => [0x00, 0x01] },
} as const;

/** The identifier of the company that a module names. */
export type AdvertisementName = keyof typeof advertisements;

export const advertisementNames = [
  '0x0B65',
  '0xFAD6',
  '0x4B4A',
] as const satisfies readonly AdvertisementName[];

/** The advertising data of a module with this address. */
export function advertisingData(address: string, name: AdvertisementName = '0x0B65'): Buffer {
  const { company, services, data } = advertisements[name];
  return Buffer.from([
    ...structure(adTypes.flags, [FLAGS]),
    ...structure(adTypes.incompleteUuids16, services.flatMap(littleEndian16)),
    ...structure(adTypes.manufacturerData, [...littleEndian16(company), ...data(address)]),
  ]);
}

function classicData(address: string): number[] {
  return [...CLASSIC_PREFIX, ...addressBytes(address)];
}

function littleEndian16(value: number): number[] {
  return [value & 0xff, value >> 8];
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
