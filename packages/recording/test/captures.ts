import type { TestPacket } from '@ubmsc/testing';
import { encodeBtsnoopHeader, encodeBtsnoopRecord } from '../src/capture/btsnoop.ts';

/** The opcodes of the Linux monitor, by indicator and direction. */
const monitorOpcodes: Readonly<Record<string, number>> = {
  '1sent': 2,
  '4received': 3,
  '2sent': 4,
  '2received': 5,
};

function monitorOpcode({ packet, direction }: TestPacket): number {
  return monitorOpcodes[`${packet[0]}${direction}`] ?? 13;
}

function u32(order: 'LE' | 'BE', ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) =>
    order === 'LE'
      ? bytes.writeUInt32LE(value >>> 0, 4 * index)
      : bytes.writeUInt32BE(value >>> 0, 4 * index),
  );
  return bytes;
}

function u16(order: 'LE' | 'BE', ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) =>
    order === 'LE' ? bytes.writeUInt16LE(value, 2 * index) : bytes.writeUInt16BE(value, 2 * index),
  );
  return bytes;
}

const indexed = 3;

function btsnoopOf(linkType: number, record: (packet: TestPacket) => Buffer) {
  return (packets: readonly TestPacket[]): Buffer => {
    const header = encodeBtsnoopHeader();
    header.writeUInt32BE(linkType, 12);
    return Buffer.concat([header, ...packets.map(record)]);
  };
}

const h4 = ({ packet, direction, time }: TestPacket): Buffer => encodeBtsnoopRecord(packet, direction, time);

/** A record without the indicator, with these flags. */
function bare(record: Buffer, flags?: number): Buffer {
  const bytes = Buffer.concat([record.subarray(0, 24), record.subarray(25)]);
  bytes.writeUInt32BE(bytes.length - 24, 0);
  bytes.writeUInt32BE(bytes.length - 24, 4);
  if (flags !== undefined) bytes.writeUInt32BE(flags, 8);
  return bytes;
}

function pcapOf(order: 'LE' | 'BE', linkType: number, nanoseconds: boolean) {
  return (packets: readonly TestPacket[]): Buffer =>
    Buffer.concat([
      u32(order, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
      u16(order, 2, 4),
      u32(order, 0, 0, 262_144, linkType),
      ...packets.flatMap((each) => {
        const data = pcapData(linkType, each);
        const seconds = Math.floor(each.time / 1000);
        const rest = Math.round((each.time - seconds * 1000) * (nanoseconds ? 1e6 : 1e3));
        return [u32(order, seconds, rest, data.length, data.length), data];
      }),
    ]);
}

function pcapData(linkType: number, each: TestPacket): Buffer {
  if (linkType === 187) return each.packet;
  if (linkType === 201) return Buffer.concat([u32('BE', each.direction === 'sent' ? 0 : 1), each.packet]);
  return Buffer.concat([u16('BE', indexed, monitorOpcode(each)), each.packet.subarray(1)]);
}

function block(order: 'LE' | 'BE', type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
  const length = padded.length + 12;
  return Buffer.concat([u32(order, type, length), padded, u32(order, length)]);
}

function option(order: 'LE' | 'BE', code: number, value: Buffer): Buffer {
  return Buffer.concat([u16(order, code, value.length), value, Buffer.alloc(-value.length & 3)]);
}

function pcapngOf(order: 'LE' | 'BE', linkType: number) {
  return (packets: readonly TestPacket[]): Buffer => {
    const nanoseconds = option(order, 9, Buffer.from([9]));
    const end = option(order, 0, Buffer.alloc(0));
    return Buffer.concat([
      block(order, 0x0a0d0d0a, u32(order, 0x1a2b3c4d), u16(order, 1, 0), u32(order, 0xffffffff, 0xffffffff)),
      block(order, 1, u16(order, 1, 0), u32(order, 0)), // Ethernet
      block(order, 1, u16(order, linkType, 0), u32(order, 0), nanoseconds, end),
      block(order, 4, Buffer.alloc(40)), // name resolution
      ...packets.map((each) => {
        const data = pcapData(linkType, each);
        const ticks = BigInt(Math.round(each.time * 1000)) * 1000n;
        const flags = u32(order, each.direction === 'received' ? 0b01 : 0b10);
        return block(
          order,
          6,
          u32(order, 1, Number(ticks >> 32n), Number(ticks & 0xffff_ffffn), data.length, data.length),
          data,
          Buffer.alloc(-data.length & 3),
          option(order, 2, flags),
          end,
        );
      }),
    ]);
  };
}

/** Every form of capture that is read, made from packets. */
export const captureForms = {
  'btsnoop, H4': btsnoopOf(1002, h4),
  'btsnoop, H1': btsnoopOf(1001, (each) => bare(h4(each))),
  'btsnoop, Linux monitor': btsnoopOf(2001, (each) =>
    bare(h4(each), indexed * 0x10000 + monitorOpcode(each)),
  ),
  'pcap, H4, little-endian': pcapOf('LE', 187, false),
  'pcap, H4, big-endian, nanoseconds': pcapOf('BE', 187, true),
  'pcap, H4 with direction': pcapOf('LE', 201, false),
  'pcap, Linux monitor': pcapOf('BE', 254, false),
  'pcapng, H4, little-endian': pcapngOf('LE', 187),
  'pcapng, H4 with direction, big-endian': pcapngOf('BE', 201),
  'pcapng, Linux monitor': pcapngOf('LE', 254),
} as const;
