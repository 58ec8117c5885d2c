import { decodeAddress, EventCode, LeSubevent, Role, packetTypes, type PacketDirection } from '@ubmsc/hci';
import { AdvertisedNames, reportForms } from './advertised-names.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { AttReassembly } from './l2cap.ts';

/** A device at one end of a connection, as far as the capture tells. */
export interface TracedDevice {
  readonly address: string | undefined;
  /** The name that it advertises. */
  readonly name: string | undefined;
}

/** An LE connection of a capture. */
export interface TracedConnection {
  readonly controller: number;
  readonly handle: number;
  /** The device at the other end, and the one on whose side was captured. */
  readonly peer: TracedDevice;
  readonly own: TracedDevice;
  /** Which end is the central; undefined when the capture began later. */
  readonly central: 'own' | 'peer' | undefined;
  /** When it was made, or else first seen: milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  /** The controller says that nobody has made it, as virtual ones do. */
  readonly isVirtual: boolean;
}

/** What the trace finds, in the order of the capture. */
export interface ConnectionTraceEvents {
  connected(connection: TracedConnection): void;
  /** `reason` is an error code of Core Specification 5.4, Vol 1, Part F; undefined when the capture does not tell. */
  disconnected(connection: TracedConnection, time: number, reason: number | undefined): void;
  /** `pdu` is valid during the call only. */
  att(connection: TracedConnection, direction: PacketDirection, pdu: Buffer, time: number): void;
}

/** LE Enhanced Connection Complete, both versions: as LE Connection Complete up to the peer's address. */
const connectionCompletes: ReadonlySet<number> = new Set([LeSubevent.connectionComplete, 0x0a, 0x29]);

/** Commands that are followed: Core Specification 5.4, Vol 4, Part E, 7.3.2, 7.4.1, 7.4.6, 7.8.7, 7.8.8. */
const opcodes = {
  reset: 0x0c03,
  readVersion: 0x1001,
  readAddress: 0x1009,
  setAdvertisingData: 0x2008,
  setScanResponse: 0x2009,
};

/** The company identifier of what no company has made (Bluetooth Assigned Numbers, 7.1). */
const NO_COMPANY = 0xffff;

/** Most connections that are open at a time; of a damaged capture, the oldest give way. */
const MOST_CONNECTIONS = 128;

/** Most controllers whose own address and name are remembered. */
const MOST_CONTROLLERS = 256;

interface OpenConnection {
  readonly connection: TracedConnection;
  readonly sent: AttReassembly;
  readonly received: AttReassembly;
}

/** Finds LE connections in HCI packets, and what goes over them by the Attribute Protocol. Never throws. */
export class ConnectionTrace {
  readonly #events: ConnectionTraceEvents;
  readonly #open = new Map<number, OpenConnection>();
  readonly #names = new AdvertisedNames();
  /** The own addresses of controllers, and what their hosts advertise. */
  readonly #addresses = new Map<number, string>();
  readonly #ownNames = new Map<number, AdvertisedNames>();
  readonly #virtual = new Set<number>();
  #malformed = 0;

  constructor(events: ConnectionTraceEvents) {
    this.#events = events;
  }

  /** Packets whose length is not what they say, or that end too early. */
  get malformed(): number {
    return this.#malformed;
  }

  push(packet: CapturedPacket): void {
    try {
      switch (packet.indicator) {
        case packetTypes.aclData.indicator:
          this.#takeData(packet);
          break;
        case packetTypes.event.indicator:
          this.#takeEvent(packet);
          break;
        case packetTypes.command.indicator:
          this.#takeCommand(packet);
          break;
      }
    } catch (error) {
      // Node's own error for a read after the end of a buffer.
      if (!(error instanceof RangeError)) throw error;
      this.#malformed++;
    }
  }

  /** Ends the capture, and with it what is still open. */
  end(time: number): void {
    for (const key of this.#open.keys()) this.#close(key, time, undefined);
  }

  #takeData({ body, controller, direction, time }: CapturedPacket): void {
    const head = body.readUInt16LE(0);
    const length = body.readUInt16LE(2);
    if (length !== body.length - 4) {
      this.#malformed++;
      return;
    }
    const handle = head & 0x0fff;
    const boundary = (head >> 12) & 0b11;
    const open = this.#open.get(keyOf(controller, handle)) ?? this.#adopt(controller, handle, time);
    const way = direction ?? directionOf(boundary, open);
    const pdu = open[way].push(body.subarray(4), boundary);
    if (pdu) this.#events.att(open.connection, way, pdu, time);
  }

  #takeEvent({ body, controller, time }: CapturedPacket): void {
    const parameters = body.subarray(2);
    if (body.readUInt8(1) !== parameters.length) {
      this.#malformed++;
      return;
    }
    switch (body.readUInt8(0)) {
      case EventCode.leMeta: {
        const subevent = parameters.readUInt8(0);
        const form = reportForms[subevent];
        if (form) this.#names.observe(parameters.subarray(1), form);
        else if (connectionCompletes.has(subevent)) this.#connected(parameters, controller, time);
        break;
      }
      case EventCode.disconnectionComplete:
        if (parameters.readUInt8(0) !== 0) break;
        this.#close(keyOf(controller, parameters.readUInt16LE(1)), time, parameters.readUInt8(3));
        break;
      case EventCode.commandComplete:
        this.#commandComplete(parameters, controller, time);
        break;
    }
  }

  #commandComplete(parameters: Buffer, controller: number, time: number): void {
    if (parameters.length < 4 || parameters.readUInt8(3) !== 0) return;
    const opcode = parameters.readUInt16LE(1);
    if (opcode === opcodes.readAddress && parameters.length >= 10) {
      if (this.#addresses.size < MOST_CONTROLLERS)
        this.#addresses.set(controller, decodeAddress(parameters, 4));
    } else if (opcode === opcodes.readVersion && parameters.length >= 10) {
      if (parameters.readUInt16LE(8) === NO_COMPANY && this.#virtual.size < MOST_CONTROLLERS)
        this.#virtual.add(controller);
    } else if (opcode === opcodes.reset) {
      for (const [key, { connection }] of this.#open) {
        if (connection.controller === controller) this.#close(key, time, undefined);
      }
    }
  }

  #takeCommand({ body, controller }: CapturedPacket): void {
    const opcode = body.readUInt16LE(0);
    if (opcode !== opcodes.setAdvertisingData && opcode !== opcodes.setScanResponse) return;
    const names = this.#ownNames.get(controller) ?? new AdvertisedNames();
    if (this.#ownNames.size < MOST_CONTROLLERS) this.#ownNames.set(controller, names);
    names.add('', body.subarray(4, 4 + body.readUInt8(3)));
  }

  #connected(parameters: Buffer, controller: number, time: number): void {
    if (parameters.readUInt8(1) !== 0) return;
    const central = parameters.readUInt8(4) === Role.central ? 'own' : 'peer';
    const address = parameters.length < 12 ? undefined : decodeAddress(parameters, 6);
    this.#add(controller, parameters.readUInt16LE(2) & 0x0fff, time, central, address);
  }

  /** Data of a connection that was made before the capture began. */
  #adopt(controller: number, handle: number, time: number): OpenConnection {
    return this.#add(controller, handle, time, undefined, undefined);
  }

  #add(
    controller: number,
    handle: number,
    time: number,
    central: TracedConnection['central'],
    address: string | undefined,
  ): OpenConnection {
    const key = keyOf(controller, handle);
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST_CONNECTIONS && oldest !== undefined) this.#close(oldest, time, undefined);
    this.#close(key, time, undefined); // its end is not in the capture
    const connection: TracedConnection = {
      controller,
      handle,
      peer: { address, name: address === undefined ? undefined : this.#names.get(address) },
      own: { address: this.#addresses.get(controller), name: this.#ownNames.get(controller)?.get('') },
      central,
      since: time,
      isVirtual: this.#virtual.has(controller),
    };
    const open = { connection, sent: new AttReassembly(), received: new AttReassembly() };
    this.#open.set(key, open);
    this.#events.connected(connection);
    return open;
  }

  #close(key: number, time: number, reason: number | undefined): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    this.#events.disconnected(open.connection, time, reason);
  }
}

function keyOf(controller: number, handle: number): number {
  return controller * 0x1000 + (handle & 0x0fff);
}

/** Hosts and controllers begin a PDU with different flags (Core Specification 5.4, Vol 4, Part E, 5.4.2). */
function directionOf(boundary: number, open: OpenConnection): PacketDirection {
  if (boundary === 0b00) return 'sent';
  return boundary === 0b01 && open.sent.pending && !open.received.pending ? 'sent' : 'received';
}
