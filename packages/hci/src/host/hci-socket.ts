import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { H4Decoder, packetLength, packetTypes } from '../codec/h4.ts';
import { HciProtocolError } from '../codec/hci-protocol-error.ts';

/** Masks of the kernel's HCI_FILTER option: which packet types and events a raw socket receives. */
interface HciFilter {
  readonly types: number;
  readonly events: bigint;
}

/**
 * The class that takes the place of `@abandonware/bluetooth-hci-socket` for noble and bleno: every instance
 * that they bind has its own stream from `open`, which speaks H4. See `loadWithHciSocket`.
 *
 * Two channels, as in the kernel. Bound by `bindUser`, the host receives everything. Bound by `bindRaw`, it
 * receives what `setFilter` lets through, and nothing before; like the kernel, the socket does not show a
 * host its own commands. The control channel, `bindControl`, swallows what is written: there is no kernel
 * whose keys it could manage.
 *
 * Destroy the stream to close the socket: nothing of it remains then.
 */
export function hciSocketClass(open: () => Duplex): new () => HciSocket {
  return class extends HciSocket {
    constructor() {
      super(open);
    }
  };
}

/** What noble and bleno call. `data` carries one H4 packet; `error` is the error of the stream. */
export class HciSocket extends EventEmitter<{ data: [packet: Buffer]; error: [error: Error] }> {
  readonly #open: () => Duplex;
  readonly #decoder = new H4Decoder();
  #stream: Duplex | undefined;
  #filter: HciFilter | undefined;
  #started = false;

  constructor(open: () => Duplex) {
    super();
    this.#open = open;
  }

  /** @returns the device number, always 0. */
  bindRaw(): number {
    this.#filter = { types: 0, events: 0n };
    return this.#bind();
  }

  /** @returns the device number, always 0. */
  bindUser(): number {
    return this.#bind();
  }

  bindControl(): void {
    // No stream: see above.
  }

  /** Delivers packets from now on; those that came before are kept. */
  start(): void {
    const stream = this.#stream;
    if (!stream || this.#started) return;
    this.#started = true;
    stream.on('data', this.#take).resume();
  }

  /** Delivers no more packets until `start`. */
  stop(): void {
    this.#started = false;
    this.#stream?.off('data', this.#take).pause();
  }

  isDevUp(): boolean {
    return this.#stream !== undefined && !this.#stream.readableEnded && !this.#stream.destroyed;
  }

  /** The `struct hci_ufilter` of the kernel: type mask, two event masks, opcode. */
  setFilter(filter: Buffer): void {
    if (this.#filter) this.#filter = { types: filter.readUInt32LE(0), events: filter.readBigUInt64LE(4) };
  }

  /** Writes one packet, without what lies behind its declared length. To nowhere when the stream is over. */
  write(packet: Buffer): void {
    if (!this.#stream?.writable) return;
    this.#stream.write(Buffer.from(packet.subarray(0, packetLength(packet))));
  }

  #bind(): number {
    const stream = this.#open();
    this.#stream = stream;
    stream.on('end', () => stream.destroy());
    stream.on('error', (error) => {
      // Without a listener, an error event would end the process.
      if (this.listenerCount('error') > 0) this.emit('error', error);
    });
    return 0;
  }

  readonly #take = (chunk: Buffer): void => {
    const packets: Buffer[] = [];
    try {
      for (const packet of this.#decoder.push(chunk)) packets.push(packet);
    } catch (error) {
      if (!(error instanceof HciProtocolError)) throw error;
      this.#stream?.destroy(error);
    }
    for (const packet of packets) if (this.#admits(packet)) this.#deliver(packet);
  };

  /** noble and bleno throw at an ATT PDU that is too short: a bad peer must cost its packet, not the process. */
  #deliver(packet: Buffer): void {
    try {
      this.emit('data', packet);
    } catch (error) {
      if (this.listenerCount('error') > 0 && error instanceof RangeError) this.emit('error', error);
      else throw error;
    }
  }

  #admits(packet: Buffer): boolean {
    if (!this.#filter) return true;
    const type = packet.readUInt8(0);
    if (((this.#filter.types >> type) & 1) === 0) return false;
    if (type !== packetTypes.event.indicator) return true;
    return ((this.#filter.events >> BigInt(packet.readUInt8(1) & 0x3f)) & 1n) === 1n;
  }
}
