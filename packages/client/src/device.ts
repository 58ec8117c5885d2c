/** What a device's advertising says about being a JK battery. */
export type Likelihood = 'certain' | 'possible' | 'unlikely';

/** What is needed of an advertisement to recognise a device. */
export interface Advertisement {
  readonly localName?: string | undefined;
  /** Company identifier, little-endian, and payload. */
  readonly manufacturerData?: Uint8Array | undefined;
  /** Hexadecimal UUIDs in lower case without separators. */
  readonly serviceUuids?: readonly string[] | undefined;
}

/** A device whose advertisement was received. */
export interface Device {
  /** Address, such as `C8:47:80:00:00:01`. */
  readonly address: string;
  /** Name of the scan response, or undefined when none was received. */
  readonly name: string | undefined;
  /** Received signal strength in dBm, or undefined when the adapter does not know it. */
  readonly rssi: number | undefined;
  readonly likelihood: Likelihood;
}

/** Company identifier of the "JK" module, and what its advertisements carry. */
const jkModule = [0x4a, 0x4b, 0x00, 0x01];

/**
 * How likely an advertiser is a JK battery (reference, section 1.1). Company identifiers vary; what is certain is
 * a payload of 88 A0 and the advertiser's own address. Service FFE0 is shared with many other products, and some
 * hosts merge the service UUIDs into one bogus UUID, so it is looked for anywhere in them.
 */
export function likelihood(
  address: string,
  { manufacturerData, serviceUuids = [] }: Advertisement,
): Likelihood {
  if (manufacturerData) {
    const hex = Buffer.from(manufacturerData).toString('hex');
    if (hex.slice(4) === `88a0${canonicalAddress(address) ?? '?'}`) return 'certain';
    if (hex === Buffer.from(jkModule).toString('hex')) return 'certain';
  }
  return serviceUuids.some((uuid) => uuid.includes('ffe0')) ? 'possible' : 'unlikely';
}

/** Whether this is the address of the device, however it is written. */
export function hasAddress({ address }: Pick<Device, 'address'>, wanted: string): boolean {
  const digits = canonicalAddress(wanted);
  return digits !== undefined && digits === canonicalAddress(address);
}

/** Whether an address or a name means this device. Case and separators do not count: `jk b2a` finds `JK_B2A`. */
export function matches(device: Pick<Device, 'address' | 'name'>, wanted: string): boolean {
  if (hasAddress(device, wanted)) return true;
  if (device.name === wanted) return true;
  const name = canonicalName(wanted);
  return name !== '' && device.name !== undefined && name === canonicalName(device.name);
}

/** Whether the name of this device begins so. */
export function beginsWith({ name }: Pick<Device, 'name'>, beginning: string): boolean {
  const text = canonicalName(beginning);
  return text !== '' && name !== undefined && canonicalName(name).startsWith(text);
}

function canonicalAddress(text: string): string | undefined {
  const digits = text.replace(/[:\-.]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits : undefined;
}

function canonicalName(text: string): string {
  return text.replace(/[\s_\-.:]/g, '').toLowerCase();
}
