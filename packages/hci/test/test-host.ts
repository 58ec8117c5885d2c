import type { Duplex } from 'node:stream';
import { opcodes, type CommandName } from '../src/codec/opcodes.ts';
import { encodeCommand } from '../src/controller/commands.ts';
import { parseEvent, type HciEvent } from '../src/codec/events.ts';
import { encodePacket, H4Decoder, parsePacket, type HciPacket } from '../src/codec/h4.ts';

type EventOf<Name extends HciEvent['event']> = Extract<HciEvent, { event: Name }>;

/** Lets everything happen that is due: enough turns for the longest chain of deliveries. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

/** A host at HCI level: gives commands, remembers everything that its controller sends. */
export class TestHost {
  readonly stream: Duplex;
  readonly packets: HciPacket[] = [];
  ended = false;
  #seen = 0;

  constructor(stream: Duplex) {
    this.stream = stream;
    const decoder = new H4Decoder();
    stream.on('data', (chunk: Buffer) => {
      for (const packet of decoder.push(chunk)) this.packets.push(parsePacket(packet));
    });
    stream.on('end', () => (this.ended = true));
    stream.on('error', () => undefined);
  }

  /** Every event so far. */
  get events(): HciEvent[] {
    return this.packets.map((packet) => parseEvent(packet)).filter((event) => event !== undefined);
  }

  /** What came since the last call, of one kind. */
  news<Name extends HciEvent['event']>(name: Name): EventOf<Name>[] {
    const isOne = (event: HciEvent | undefined): event is EventOf<Name> => event?.event === name;
    const fresh = this.packets.slice(this.#seen).map((packet) => parseEvent(packet));
    this.#seen = this.packets.length;
    return fresh.filter(isOne);
  }

  send(name: CommandName, ...octets: (number | Buffer)[]): void {
    this.stream.write(encodeCommand(name, parameters(octets)));
  }

  /** Gives a command; resolves to what its Command Complete (or the status of its Command Status) carries. */
  async command(name: CommandName, ...octets: (number | Buffer)[]): Promise<Buffer> {
    const before = this.packets.length;
    this.send(name, ...octets);
    await settle();
    for (const packet of this.packets.slice(before)) {
      const event = parseEvent(packet);
      if (event?.event === 'commandComplete' && event.opcode === opcodes[name]) {
        return event.returnParameters;
      }
      if (event?.event === 'commandStatus' && event.opcode === opcodes[name]) {
        return Buffer.from([event.status]);
      }
    }
    throw new Error(`no answer to ${name}`);
  }

  sendData(connectionHandle: number, data: Buffer, packetBoundary = 0b00): void {
    this.stream.write(
      encodePacket({ type: 'aclData', connectionHandle, packetBoundary, broadcast: 0, data }),
    );
  }

  /** The ACL data that came, each with its packet boundary flag. */
  get data(): { boundary: number; text: string }[] {
    return this.packets
      .filter((packet) => packet.type === 'aclData')
      .map((packet) => ({ boundary: packet.packetBoundary, text: packet.data.toString() }));
  }
}

function parameters(octets: (number | Buffer)[]): Buffer {
  return Buffer.concat(octets.map((each) => (typeof each === 'number' ? Buffer.from([each]) : each)));
}

/** Two octets, least significant first. */
export function le16(value: number): Buffer {
  return Buffer.from([value & 0xff, value >> 8]);
}

/** A field of 31 octets after its length, as advertising data has. */
export function advertisingData(text: string): Buffer {
  const field = Buffer.alloc(32);
  field.writeUInt8(Buffer.byteLength(text), 0);
  field.write(text, 1);
  return field;
}

/** Advertising parameters with an interval in units of 0.625 ms. */
export function advertisingParameters(interval = 0x00a0, eventType = 0, ownAddressType = 0): Buffer {
  const fixed = Buffer.from([eventType, ownAddressType, 0, 0, 0, 0, 0, 0, 0, 0x07, 0]);
  return Buffer.concat([le16(interval), le16(interval), fixed]);
}

/** Parameters of LE Create Connection; the supervision timeout is in units of 10 ms. */
export function connectionParameters(
  peer: string,
  { supervisionTimeout = 0x002a, peerType = 0, ownType = 0 } = {},
): Buffer {
  const address = Buffer.from(peer.split(':').toReversed().join(''), 'hex');
  return Buffer.concat([
    le16(0x0060),
    le16(0x0030),
    Buffer.from([0, peerType]),
    address,
    Buffer.from([ownType]),
    ...[0x0006, 0x0012, 0, supervisionTimeout, 0, 0].map((value) => le16(value)),
  ]);
}

export const scanParameters = (type: number): Buffer => Buffer.from([type, 0x12, 0, 0x12, 0, 0, 0]);
