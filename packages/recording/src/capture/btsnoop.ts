import type { PacketDirection } from '@ubmsc/hci';
import { CaptureError } from './capture-error.ts';
import { LONGEST_RECORD, type Container } from './container.ts';
import { btsnoopLinkTypes } from './link-type.ts';

/*
 * The format that Android and BlueZ write: RFC 1761 with link types of its own. All numbers are big-endian.
 */

export const BTSNOOP_MAGIC = Buffer.from('btsnoop\0', 'latin1');

/** Octets of the header of the file, and of that of a record. */
export const BTSNOOP_HEADER = 16;
const RECORD_HEADER = 24;

/** The link type of packets with an indicator. */
const H4_LINK_TYPE = 1002;

/** Microseconds from the beginning of the year 0 to that of 1970. */
const EPOCH = 0x00dc_ddb3_0f2f_8000n;

/** Reads the file header, `bytes` of at least {@link BTSNOOP_HEADER} octets. Throws a CaptureError for other versions. */
export function btsnoop(bytes: Buffer): Container {
  const version = bytes.readUInt32BE(8);
  if (version !== 1) throw new CaptureError(`btsnoop has version 1, not ${version}`, 8);
  const number = bytes.readUInt32BE(12);
  const linkType = btsnoopLinkTypes[number];
  if (!linkType) {
    const known = Object.keys(btsnoopLinkTypes).join(', ');
    throw new CaptureError(`btsnoop with link type ${number} cannot be read, only ${known}`, 12);
  }
  return {
    headerLength: BTSNOOP_HEADER,
    head(at, start, offset) {
      if (at.length - start < RECORD_HEADER) return undefined;
      const original = at.readUInt32BE(start);
      const included = at.readUInt32BE(start + 4);
      if (included > original || included > LONGEST_RECORD - RECORD_HEADER) {
        throw new CaptureError(
          `a packet of ${original} octets cannot have ${included} in the capture`,
          offset,
        );
      }
      return { length: RECORD_HEADER + included };
    },
    packet(at, start, length) {
      if (at.readUInt32BE(start) > length - RECORD_HEADER) return 'truncated';
      const flags = at.readUInt32BE(start + 8);
      const direction = (flags & 1) === 0 ? 'sent' : 'received';
      const head = { time: readTime(at, start + 16), source: 0, direction, flags } as const;
      return linkType(at.subarray(start + RECORD_HEADER, start + length), head);
    },
  };
}

/** Two halves as numbers are faster than one BigInt, and exact: the time has fewer than 53 significant bits. */
function readTime(bytes: Buffer, at: number): number {
  const high = bytes.readUInt32BE(at) - Number(EPOCH >> 32n);
  const low = bytes.readUInt32BE(at + 4) - Number(EPOCH & 0xffff_ffffn);
  return (high * 2 ** 32 + low) / 1000;
}

/** The header of a file of H4 packets. */
export function encodeBtsnoopHeader(): Buffer {
  const header = Buffer.alloc(BTSNOOP_HEADER);
  BTSNOOP_MAGIC.copy(header);
  header.writeUInt32BE(1, 8);
  header.writeUInt32BE(H4_LINK_TYPE, 12);
  return header;
}

/** One H4 packet as a record. `time` is in milliseconds since 1970-01-01 UTC. */
export function encodeBtsnoopRecord(packet: Buffer, direction: PacketDirection, time: number): Buffer {
  const record = Buffer.alloc(RECORD_HEADER + packet.length);
  const isData = packet[0] === 0x02;
  record.writeUInt32BE(packet.length, 0);
  record.writeUInt32BE(packet.length, 4);
  record.writeUInt32BE((direction === 'sent' ? 0 : 1) | (isData ? 0 : 0b10), 8);
  record.writeBigUInt64BE(BigInt(Math.round(time * 1000)) + EPOCH, 16);
  packet.copy(record, RECORD_HEADER);
  return record;
}
