import { decodeAddress } from '@ubmsc/hci';

/** Types of advertising data that hold a name (Core Specification Supplement, Part A, 1.2). */
const SHORT_NAME = 0x08;
const COMPLETE_NAME = 0x09;

/** Octets of a report in each event before its data: where its address and the length of its data are. */
interface ReportForm {
  readonly address: number;
  readonly dataLength: number;
  /** Octets after the data. */
  readonly behind: number;
}

/** LE Advertising Report and LE Extended Advertising Report, Core Specification 5.4, Vol 4, Part E, 7.7.65.2 and 7.7.65.13. */
export const reportForms: Readonly<Record<number, ReportForm>> = {
  0x02: { address: 2, dataLength: 8, behind: 1 },
  0x0d: { address: 3, dataLength: 23, behind: 0 },
};

/** Most devices whose names are remembered: a capture of a week in a town has many. */
const MOST_NAMES = 10_000;

/** The names that devices advertise, by their addresses. */
export class AdvertisedNames {
  readonly #names = new Map<string, { readonly name: string; readonly isComplete: boolean }>();

  get(address: string): string | undefined {
    return this.#names.get(address)?.name;
  }

  /** Takes the reports of an event: `bytes` begin with how many there are. */
  observe(bytes: Buffer, { address, dataLength, behind }: ReportForm): void {
    let at = 1;
    for (let count = bytes[0] ?? 0; count > 0; count--) {
      const length = bytes[at + dataLength];
      const data = at + dataLength + 1;
      if (length === undefined || data + length > bytes.length) return;
      this.add(decodeAddress(bytes, at + address), bytes.subarray(data, data + length));
      at = data + length + behind;
    }
  }

  /** Takes the advertising data of one device. */
  add(address: string, advertisingData: Buffer): void {
    for (let at = 0; at + 1 < advertisingData.length;) {
      const length = advertisingData[at] ?? 0;
      if (length === 0) return;
      const type = advertisingData[at + 1];
      if (type === SHORT_NAME || type === COMPLETE_NAME) {
        this.#remember(address, advertisingData.subarray(at + 2, at + 1 + length), type === COMPLETE_NAME);
      }
      at += 1 + length;
    }
  }

  #remember(address: string, octets: Buffer, isComplete: boolean): void {
    const known = this.#names.get(address);
    if (octets.length === 0 || (known?.isComplete && !isComplete)) return;
    if (!known && this.#names.size >= MOST_NAMES) return;
    this.#names.set(address, { name: octets.toString('utf8'), isComplete });
  }
}
