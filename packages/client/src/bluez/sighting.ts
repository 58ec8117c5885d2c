import type { Sighting } from '../central/central.ts';
import { likelihood } from '../device.ts';
import { bytesOf, numberOf, textOf, textsOf, toProperties, type Properties } from './properties.ts';

/** What BlueZ changes when it receives an advertisement; everything else it may remember from years ago. */
const ofAdvertisement = ['RSSI', 'ManufacturerData', 'ServiceData', 'TxPower', 'AdvertisingFlags'];

/** Whether a change of a device comes from an advertisement. */
export function isAdvertisement(changed: Properties): boolean {
  return ofAdvertisement.some((name) => changed[name] !== undefined);
}

/** What BlueZ knows of a device, as a sighting; undefined without an address. */
export function toSighting(device: Properties): Sighting | undefined {
  const address = textOf(device['Address'])?.toUpperCase();
  if (address === undefined) return undefined;
  const serviceUuids = textsOf(device['UUIDs']).map((uuid) => uuid.replaceAll('-', '').toLowerCase());
  return {
    address,
    rssi: numberOf(device['RSSI']),
    localName: textOf(device['Name']),
    manufacturerData: manufacturerData(address, device),
    serviceUuids,
  };
}

/** A device may have sent data of several companies one after the other: those that tell a JK battery count. */
function manufacturerData(address: string, device: Properties): Uint8Array | undefined {
  const all = Object.entries(toProperties(device['ManufacturerData'])).map(([company, data]) => {
    const id = Number(company);
    return Buffer.concat([Buffer.from([id & 0xff, (id >> 8) & 0xff]), bytesOf(data) ?? Buffer.alloc(0)]);
  });
  return all.find((data) => likelihood(address, { manufacturerData: data }) === 'certain') ?? all[0];
}
