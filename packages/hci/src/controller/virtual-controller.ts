import { commandName } from '../codec/opcodes.ts';
import type { Duplex } from 'node:stream';
import { aclBuffers } from './capabilities.ts';
import { CommandError } from './command-error.ts';
import { commandByOpcode, initialSettings, type Command, type HostSettings } from './commands.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { codesOf, encodeEvent, type HciEvent } from '../codec/events.ts';
import { encodePacket, H4Decoder, PacketBoundary, parsePacket } from '../codec/h4.ts';
import { HciProtocolError } from '../codec/hci-protocol-error.ts';
import { LinkLayer, type LinkLayerAir, type LinkLayerOptions } from './link-layer.ts';

/** The longest packet a host may send: a command with 255 octets of parameters. */
const maximumPacketLength = 4 + 255;
/** A host that leaves more than this unread, in octets, is cut off. */
const maximumUnread = 65_536;
/** How long a host has to take the last event before its stream is destroyed, in milliseconds. */
const farewellTime = 1000;

export interface VirtualControllerOptions extends LinkLayerOptions {
  readonly air: LinkLayerAir;
  /** The host wants this address. Returns whether it can have it. */
  readonly onAddress: (controller: VirtualController, address: string) => boolean;
  /** A command came that the controller does not have; it was answered with Unknown HCI Command. */
  readonly onUnknownCommand: (controller: VirtualController, opcode: number) => void;
  /** The controller left the ether; `error` says what the host did if the controller ended it. */
  readonly onClose: (controller: VirtualController, error: HciProtocolError | undefined) => void;
}

/**
 * A Bluetooth LE controller without a radio. Its host speaks H4 on `stream` (Core Specification 5.4, Vol 4,
 * Part A and Part E); its Link Layer meets the others in an `Ether`, which makes it: `Ether.attach`.
 *
 * Answers and events come on a later turn than the command that caused them. The controller is gone when
 * the host ends or closes its stream, or violates the transport: then the host gets a Hardware Error event
 * and the end of the stream.
 */
export class VirtualController {
  readonly #linkLayer: LinkLayer;
  readonly #stream: Duplex;
  readonly #decoder = new H4Decoder(maximumPacketLength);
  readonly #options: VirtualControllerOptions;
  readonly #settings: HostSettings = { ...initialSettings };
  #closed = false;

  constructor(stream: Duplex, options: VirtualControllerOptions) {
    this.#stream = stream;
    this.#options = options;
    const host = {
      send: (event: HciEvent) => this.#send(event),
      offer: (event: HciEvent) => !stream.writableNeedDrain && this.#send(event),
      sendData: this.#sendData.bind(this),
      unplug: () => this.close(),
    };
    this.#linkLayer = new LinkLayer(options.air, host, options);
    // On a later turn, because a pair of streams in one process hands bytes over within the host's write.
    stream.on('data', (chunk: Buffer) => setImmediate(() => this.#take(chunk)));
    stream.on('end', () => setImmediate(() => this.#leave(this.#truncation())));
    stream.on('close', () => setImmediate(() => this.#leave()));
    // A broken stream closes; that is all there is to know.
    stream.on('error', () => undefined);
    if (stream.destroyed) setImmediate(() => this.#leave());
  }

  /** Public device address. */
  get address(): string {
    return this.#linkLayer.publicAddress;
  }

  /** Strength at which other controllers receive this one, dBm. */
  get rssi(): number {
    return this.#linkLayer.rssi;
  }

  /** True once the controller has left the ether, or is about to because its stream is gone. */
  get closed(): boolean {
    return this.#closed || this.#stream.destroyed;
  }

  /** Leaves the ether at once and destroys the stream. Peers notice by their supervision timeout. */
  close(): void {
    this.#leave();
    this.#stream.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#closed) return;
    try {
      for (const packet of this.#decoder.push(chunk)) {
        this.#handle(packet);
        if (this.#closed) return;
      }
    } catch (error) {
      if (!(error instanceof HciProtocolError)) throw error;
      this.#fail(error);
    }
  }

  #handle(bytes: Buffer): void {
    const packet = parsePacket(bytes);
    switch (packet.type) {
      case 'command':
        this.#command(packet.opcode, packet.parameters);
        return;
      case 'aclData':
        this.#aclData(packet.connectionHandle, packet.packetBoundary, packet.data);
        return;
      case 'event':
        throw new HciProtocolError('packet from the wrong side', 'a host sent an HCI event');
    }
  }

  #command(opcode: number, parameters: Buffer): void {
    const command = commandByOpcode(opcode);
    if (!command) {
      this.#send({ event: 'commandStatus', status: errorCodes['Unknown HCI Command'], opcode });
      this.#options.onUnknownCommand(this, opcode);
      return;
    }
    const name = commandName(opcode);
    if (name && !this.#linkLayer.obeys(name, parameters)) return;
    const target = {
      linkLayer: this.#linkLayer,
      takeAddress: (address: string) => {
        const isFree = this.#options.onAddress(this, address);
        if (isFree) this.#linkLayer.publicAddress = address;
        return isFree;
      },
      settings: this.#settings,
      reset: () => {
        this.#linkLayer.reset();
        Object.assign(this.#settings, initialSettings);
      },
    };
    const { status, returnParameters } = run(command, target, parameters);
    if (command.returnLength === undefined) this.#send({ event: 'commandStatus', status, opcode });
    else this.#send({ event: 'commandComplete', opcode, returnParameters });
    if (status === errorCodes.Success) command.afterwards?.(target);
  }

  #aclData(handle: number, boundary: number, data: Buffer): void {
    if (data.length > aclBuffers.dataPacketLength) {
      const limit = aclBuffers.dataPacketLength;
      throw new HciProtocolError('packet too long', `${data.length} octets of ACL data exceed ${limit}`);
    }
    if (boundary !== PacketBoundary.firstNonFlushable && boundary !== PacketBoundary.continuing) {
      const message = `a host may not send ACL data with packet boundary flag ${boundary} on LE`;
      throw new HciProtocolError('packet boundary flag', message);
    }
    if (!this.#linkLayer.connections.sendData(handle, boundary, Buffer.from(data))) {
      const message = `more than ${aclBuffers.totalNumberOfPackets} ACL data packets were not completed`;
      throw new HciProtocolError('buffer overflow', message);
    }
  }

  #send(event: HciEvent): boolean {
    if (!this.#masked(event)) this.#write(encodeEvent(event));
    return true;
  }

  #sendData(connectionHandle: number, boundary: number, data: Buffer, taken: () => void): void {
    const packetBoundary =
      boundary === PacketBoundary.firstNonFlushable ? PacketBoundary.firstFlushable : boundary;
    const packet = encodePacket({ type: 'aclData', connectionHandle, packetBoundary, broadcast: 0, data });
    // So a sender is only as fast as the host that receives.
    this.#write(packet, (error) => {
      if (!error) taken();
    });
  }

  #write(packet: Buffer, written?: (error?: Error | null) => void): void {
    if (this.#closed) return;
    this.#stream.write(packet, written);
    if (this.#stream.writableLength > maximumUnread) {
      const message = `a host left more than ${maximumUnread} octets unread`;
      this.#leave(new HciProtocolError('host does not read', message));
      this.#stream.destroy();
    }
  }

  /** Bit n−1 of a mask is for the event (or LE subevent) with code n. */
  #masked({ event }: HciEvent): boolean {
    const { code, subevent, always } = codesOf(event);
    if (always) return false;
    const { eventMask, leEventMask } = this.#settings;
    return !bit(eventMask, code) || (subevent !== undefined && !bit(leEventMask, subevent));
  }

  /** Core Specification 5.4, Vol 4, Part A, 4: a controller that lost synchronization says so. */
  #fail(error: HciProtocolError): void {
    this.#write(encodeEvent({ event: 'hardwareError', hardwareCode: 0x01 }));
    this.#leave(error);
  }

  #truncation(): HciProtocolError | undefined {
    if (this.#decoder.pending === 0) return undefined;
    return new HciProtocolError('truncated packet', 'a host ended its stream within a packet');
  }

  #leave(error?: HciProtocolError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#linkLayer.leave();
    if (!this.#stream.destroyed) {
      // A host that is still there can read what was sent, but not stay.
      this.#stream.end();
      const farewell = setTimeout(() => this.#stream.destroy(), farewellTime).unref();
      this.#stream.once('close', () => clearTimeout(farewell));
    }
    this.#options.onClose(this, error);
  }
}

function run(
  command: Command,
  target: Parameters<Command['run']>[0],
  parameters: Buffer,
): { status: number; returnParameters: Buffer } {
  try {
    if (parameters.length !== command.parameterLength) {
      throw new CommandError('Invalid HCI Command Parameters');
    }
    const returned = command.run(target, parameters) ?? Buffer.alloc(0);
    return {
      status: errorCodes.Success,
      returnParameters: Buffer.concat([Buffer.from([errorCodes.Success]), returned]),
    };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // Hosts read the return parameters of some commands without a look at the status.
    const returnParameters = Buffer.alloc(1 + (command.returnLength ?? 0));
    returnParameters.writeUInt8(error.status, 0);
    return { status: error.status, returnParameters };
  }
}

function bit(mask: bigint, code: number): boolean {
  return ((mask >> BigInt(code - 1)) & 1n) === 1n;
}
