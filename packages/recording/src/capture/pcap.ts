import { CaptureError } from './capture-error.ts';
import { LONGEST_RECORD, type Container } from './container.ts';
import { pcapLinkTypes } from './link-type.ts';

/*
 * The format of tcpdump: draft-ietf-opsawg-pcap. Its numbers are in the order of the machine that wrote it.
 */

/** Octets of the header of the file, and of that of a record. */
export const PCAP_HEADER = 24;
const RECORD_HEADER = 16;

/** Units of time in a second, by the magic number in the order in which it was written. */
const resolutions: Readonly<Record<number, number>> = { 0xa1b2c3d4: 1e6, 0xa1b23c4d: 1e9 };

export function isPcap(bytes: Buffer): boolean {
  return resolutions[bytes.readUInt32BE(0)] !== undefined || resolutions[bytes.readUInt32LE(0)] !== undefined;
}

/** Reads the file header, `bytes` of at least {@link PCAP_HEADER} octets. Throws a CaptureError for other versions. */
export function pcap(bytes: Buffer): Container {
  const isLittle = resolutions[bytes.readUInt32LE(0)] !== undefined;
  const u32 = (at: Buffer, offset: number): number =>
    isLittle ? at.readUInt32LE(offset) : at.readUInt32BE(offset);
  const resolution = resolutions[u32(bytes, 0)] ?? 1e6;
  const major = isLittle ? bytes.readUInt16LE(4) : bytes.readUInt16BE(4);
  if (major !== 2) throw new CaptureError(`pcap has version 2, not ${major}`, 4);
  const number = u32(bytes, 20) & 0xffff; // what stands above says how long a checksum is, which Bluetooth has not
  const linkType = pcapLinkTypes[number];
  if (!linkType) throw new CaptureError(noBluetooth('pcap', [number]), 20);
  return {
    headerLength: PCAP_HEADER,
    head(at, start, offset) {
      if (at.length - start < RECORD_HEADER) return undefined;
      const included = u32(at, start + 8);
      const original = u32(at, start + 12);
      if (included > original || included > LONGEST_RECORD - RECORD_HEADER) {
        throw new CaptureError(
          `a packet of ${original} octets cannot have ${included} in the capture`,
          offset,
        );
      }
      return { length: RECORD_HEADER + included };
    },
    packet(at, start, length) {
      if (u32(at, start + 12) > length - RECORD_HEADER) return 'truncated';
      const time = u32(at, start) * 1000 + (u32(at, start + 4) * 1000) / resolution;
      return linkType(at.subarray(start + RECORD_HEADER, start + length), { time, source: 0, flags: 0 });
    },
  };
}

/** Why a capture with these link types only cannot be read. */
export function noBluetooth(format: string, numbers: readonly number[]): string {
  const known = Object.keys(pcapLinkTypes).join(', ');
  return `${format} with link type ${numbers.join(', ')} holds no HCI packets, only ${known} do`;
}
