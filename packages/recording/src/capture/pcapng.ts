import type { PacketDirection } from '@ubmsc/hci';
import { CaptureError } from './capture-error.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { LONGEST_RECORD, type Container, type RecordHead } from './container.ts';
import { pcapLinkTypes, type LinkType } from './link-type.ts';
import { noBluetooth } from './pcap.ts';

/*
 * The format of Wireshark: draft-ietf-opsawg-pcapng. Each section has an order of octets and interfaces of its own.
 */

/** Block types that are read; all others are skipped. */
const BlockType = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  packet: 6,
} as const;

const blockTypes: ReadonlySet<number> = new Set(Object.values(BlockType));

/** Option codes that are read, and the one that ends a list of options. */
const Option = { end: 0, packetFlags: 2, resolution: 9, timeOffset: 14 } as const;

/** Octets of type, length and the length after the block; the shortest header of a section. */
const FRAME = 12;
const SECTION_HEADER = 28;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

const MOST_INTERFACES = 256;

interface Interface {
  readonly number: number;
  readonly linkType: LinkType | undefined;
  /** Units of time in a second, and seconds to add. */
  readonly resolution: number;
  readonly timeOffset: number;
}

export function isPcapng(bytes: Buffer): boolean {
  return bytes.readUInt32BE(0) === BlockType.section;
}

/** The whole file is blocks: there is no header before them. */
export class Pcapng implements Container {
  readonly headerLength = 0;
  #isLittle = true;
  #interfaces: Interface[] = [];
  #time = 0;
  /** Link types that were met and are not read; whether one was that is. */
  readonly #others = new Set<number>();
  #readable = false;

  get lack(): string | undefined {
    if (this.#readable) return undefined;
    return this.#others.size > 0 ? noBluetooth('pcapng', [...this.#others]) : undefined;
  }

  head(bytes: Buffer, at: number, offset: number): RecordHead | undefined {
    if (bytes.length - at < FRAME) return undefined;
    if (bytes.readUInt32BE(at) === BlockType.section) this.#readOrder(bytes, at, offset);
    const type = this.#u32(bytes, at);
    const length = this.#u32(bytes, at + 4);
    if (length < FRAME || length % 4 !== 0) {
      throw new CaptureError(`a block cannot have ${length} octets`, offset);
    }
    if (!blockTypes.has(type)) return { length, skip: true };
    if (length > LONGEST_RECORD) {
      throw new CaptureError(
        `a block of type ${type} has ${length} octets, more than ${LONGEST_RECORD}`,
        offset,
      );
    }
    return { length };
  }

  packet(
    bytes: Buffer,
    at: number,
    length: number,
    offset: number,
  ): CapturedPacket | 'truncated' | undefined {
    if (this.#u32(bytes, at + length - 4) !== length) {
      throw new CaptureError(`the two lengths of a block differ: ${length} and another`, offset);
    }
    const body = bytes.subarray(at + 8, at + length - 4);
    switch (this.#u32(bytes, at)) {
      case BlockType.section:
        if (length < SECTION_HEADER) throw new CaptureError('a section header is too short', offset);
        this.#interfaces = [];
        return undefined;
      case BlockType.interface:
        this.#addInterface(body, offset);
        return undefined;
      case BlockType.packet:
      case BlockType.obsoletePacket:
        return this.#packetOf(this.#u32(bytes, at), body, offset);
      default:
        return this.#simplePacket(body, offset);
    }
  }

  #readOrder(bytes: Buffer, at: number, offset: number): void {
    const isLittle = bytes.readUInt32LE(at + 8) === BYTE_ORDER_MAGIC;
    if (!isLittle && bytes.readUInt32BE(at + 8) !== BYTE_ORDER_MAGIC) {
      throw new CaptureError('a section does not say the order of its octets', offset + 8);
    }
    this.#isLittle = isLittle;
  }

  #addInterface(body: Buffer, offset: number): void {
    if (body.length < 8) throw new CaptureError('the description of an interface is too short', offset);
    if (this.#interfaces.length === MOST_INTERFACES) {
      throw new CaptureError(`a section has more than ${MOST_INTERFACES} interfaces`, offset);
    }
    const linkNumber = this.#u16(body, 0);
    const linkType = pcapLinkTypes[linkNumber];
    if (linkType) this.#readable = true;
    else if (this.#others.size < MOST_INTERFACES) this.#others.add(linkNumber);
    let resolution = 1e6;
    let timeOffset = 0;
    for (const [code, value] of this.#options(body, 8)) {
      if (code === Option.resolution && value.length === 1) resolution = resolutionOf(value.readUInt8(0));
      if (code === Option.timeOffset && value.length === 8) timeOffset = this.#i64(value, 0);
    }
    this.#interfaces.push({ number: this.#interfaces.length, linkType, resolution, timeOffset });
  }

  #packetOf(type: number, body: Buffer, offset: number): CapturedPacket | 'truncated' | undefined {
    if (body.length < 20) throw new CaptureError('a packet block is too short', offset);
    const number = type === BlockType.packet ? this.#u32(body, 0) : this.#u16(body, 0);
    const from = this.#interface(number, offset);
    const included = this.#u32(body, 12);
    if (included > body.length - 20) {
      throw new CaptureError(`a block cannot hold a packet of ${included} octets`, offset);
    }
    const ticks = this.#u32(body, 4) * 2 ** 32 + this.#u32(body, 8);
    this.#time = (from.timeOffset + ticks / from.resolution) * 1000;
    if (this.#u32(body, 16) > included) return from.linkType && 'truncated';
    const direction = this.#direction(body, 20 + paddedLength(included));
    return this.#read(from, body.subarray(20, 20 + included), direction);
  }

  /** Has no time of its own: it is given that of the packet before. */
  #simplePacket(body: Buffer, offset: number): CapturedPacket | 'truncated' | undefined {
    const from = this.#interface(0, offset);
    if (body.length < 4) throw new CaptureError('a packet block is too short', offset);
    const original = this.#u32(body, 0);
    return original > body.length - 4
      ? from.linkType && 'truncated'
      : this.#read(from, body.subarray(4, 4 + original), undefined);
  }

  #interface(number: number, offset: number): Interface {
    const found = this.#interfaces[number];
    if (!found)
      throw new CaptureError(`a packet is from interface ${number}, which was not described`, offset);
    return found;
  }

  #read(from: Interface, data: Buffer, direction: PacketDirection | undefined): CapturedPacket | undefined {
    const packet = from.linkType?.(data, { time: this.#time, source: from.number, direction, flags: 0 });
    // Controllers of the Linux monitor are numbered within their interface.
    return packet && { ...packet, controller: packet.controller + from.number * 2 ** 16 };
  }

  #direction(body: Buffer, start: number): PacketDirection | undefined {
    for (const [code, value] of this.#options(body, start)) {
      if (code !== Option.packetFlags || value.length !== 4) continue;
      const bits = this.#u32(value, 0) & 0b11;
      if (bits !== 0) return bits === 0b01 ? 'received' : 'sent';
    }
    return undefined;
  }

  /** Ends at the first option that does not fit: the packet itself has been found. */
  *#options(body: Buffer, start: number): Generator<readonly [code: number, value: Buffer]> {
    for (let at = start; at + 4 <= body.length;) {
      const code = this.#u16(body, at);
      const length = this.#u16(body, at + 2);
      if (code === Option.end || at + 4 + length > body.length) return;
      yield [code, body.subarray(at + 4, at + 4 + length)];
      at += 4 + paddedLength(length);
    }
  }

  #u16(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  #i64(bytes: Buffer, at: number): number {
    return Number(this.#isLittle ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at));
  }
}

/** The highest bit tells whether the rest is a power of 2 or of 10. */
function resolutionOf(octet: number): number {
  return (octet & 0x80) === 0 ? 10 ** octet : 2 ** (octet & 0x7f);
}

function paddedLength(length: number): number {
  return (length + 3) & ~3;
}
