import { HciProtocolError } from './hci-protocol-error.ts';

/**
 * The packet indicators of H4 that Bluetooth LE without isochronous channels uses (Core Specification 5.4,
 * Vol 4, Part A, 2), and where each packet says how long it is (Vol 4, Part E, 5.4). Offsets count from the
 * indicator.
 */
export const packetTypes = {
  command: { indicator: 0x01, headerLength: 4, lengthOffset: 3, lengthOctets: 1 },
  aclData: { indicator: 0x02, headerLength: 5, lengthOffset: 3, lengthOctets: 2 },
  event: { indicator: 0x04, headerLength: 3, lengthOffset: 2, lengthOctets: 1 },
} as const;

const byIndicator = new Map(Object.values(packetTypes).map((type) => [type.indicator as number, type]));

/** Packet_Boundary_Flag of Core Specification 5.4, Vol 4, Part E, 5.4.2. */
export const PacketBoundary = { firstNonFlushable: 0b00, continuing: 0b01, firstFlushable: 0b10 } as const;

/** A packet between host and controller (Bluetooth Core Specification, volume 4, part E, 5.4). */
export type HciPacket =
  | { readonly type: 'command'; readonly opcode: number; readonly parameters: Buffer }
  | {
      readonly type: 'aclData';
      readonly connectionHandle: number;
      readonly packetBoundary: number;
      readonly broadcast: number;
      readonly data: Buffer;
    }
  | { readonly type: 'event'; readonly eventCode: number; readonly parameters: Buffer };

/** The bytes of one packet with its indicator (Core Specification 5.4, Vol 4, Part E, 5.4.1, 5.4.2, 5.4.4). */
export function encodePacket(packet: HciPacket): Buffer {
  const { indicator, headerLength, lengthOffset, lengthOctets } = packetTypes[packet.type];
  const payload = packet.type === 'aclData' ? packet.data : packet.parameters;
  const bytes = Buffer.alloc(headerLength + payload.length);
  bytes.writeUInt8(indicator, 0);
  switch (packet.type) {
    case 'command':
      bytes.writeUInt16LE(packet.opcode, 1);
      break;
    case 'aclData':
      bytes.writeUInt16LE(
        packet.connectionHandle | (packet.packetBoundary << 12) | (packet.broadcast << 14),
        1,
      );
      break;
    case 'event':
      bytes.writeUInt8(packet.eventCode, 1);
      break;
  }
  bytes.writeUIntLE(payload.length, lengthOffset, lengthOctets);
  payload.copy(bytes, headerLength);
  return bytes;
}

/**
 * Reads one packet as `H4Decoder` yields it. Bytes after the length that the packet declares are ignored.
 *
 * @throws {HciProtocolError} `unknown packet type`, or `truncated packet` when it is shorter than it says.
 */
export function parsePacket(bytes: Buffer): HciPacket {
  const length = packetLength(bytes);
  if (length === undefined || length > bytes.length) {
    throw new HciProtocolError('truncated packet', `an HCI packet of ${bytes.length} octets is cut off`);
  }
  switch (bytes.readUInt8(0)) {
    case packetTypes.command.indicator:
      return { type: 'command', opcode: bytes.readUInt16LE(1), parameters: bytes.subarray(4, length) };
    case packetTypes.aclData.indicator: {
      const head = bytes.readUInt16LE(1);
      return {
        type: 'aclData',
        connectionHandle: head & 0x0fff,
        packetBoundary: (head >> 12) & 0b11,
        broadcast: head >> 14,
        data: bytes.subarray(5, length),
      };
    }
    default:
      return { type: 'event', eventCode: bytes.readUInt8(1), parameters: bytes.subarray(3, length) };
  }
}

/**
 * The whole length of the packet at the beginning of `bytes`, its indicator included; undefined while too
 * little of its header is there.
 *
 * @throws {HciProtocolError} `unknown packet type`.
 */
export function packetLength(bytes: Buffer): number | undefined {
  const indicator = bytes[0];
  if (indicator === undefined) return undefined;
  const type = byIndicator.get(indicator);
  if (type === undefined) {
    const shown = `0x${indicator.toString(16).padStart(2, '0')}`;
    throw new HciProtocolError('unknown packet type', `${shown} is not the indicator of an HCI packet`);
  }
  if (bytes.length < type.headerLength) return undefined;
  return type.headerLength + bytes.readUIntLE(type.lengthOffset, type.lengthOctets);
}

/** Cuts a byte stream into H4 packets, however the stream is chunked. */
export class H4Decoder {
  readonly #maximumLength: number;
  #rest: Buffer = Buffer.alloc(0);

  /** @param maximumLength the longest packet accepted, in octets with the indicator. */
  constructor(maximumLength = 1024) {
    this.#maximumLength = maximumLength;
  }

  /** Octets kept of a packet that is not complete yet: always fewer than the maximum length. */
  get pending(): number {
    return this.#rest.length;
  }

  /**
   * Yields each packet that `chunk` completes, as bytes with the indicator. Iterate to the end before the
   * next chunk. After an error the stream has no known packet boundary: use no more of it.
   *
   * @throws {HciProtocolError} `unknown packet type` or `packet too long`, after the good packets before it.
   */
  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    for (;;) {
      const length = packetLength(bytes);
      if (length !== undefined && length > this.#maximumLength) {
        throw new HciProtocolError(
          'packet too long',
          `an HCI packet of ${length} octets is longer than ${this.#maximumLength}`,
        );
      }
      if (length === undefined || length > bytes.length) break;
      yield bytes.subarray(0, length);
      bytes = bytes.subarray(length);
    }
    // A copy, so that a few octets do not keep a large chunk alive.
    this.#rest = Buffer.from(bytes);
  }
}
