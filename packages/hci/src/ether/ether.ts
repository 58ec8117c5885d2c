import { duplexPair, type Duplex } from 'node:stream';
import type { AirFaults } from '../air/air-faults.ts';
import type { AirPdu } from '../air/air.ts';
import type { Connection } from '../controller/connections.ts';
import { isAddress } from '../codec/address.ts';
import { EtherError } from './ether-error.ts';
import type { HciProtocolError } from '../codec/hci-protocol-error.ts';
import type { LinkLayer, LinkLayerAir } from '../controller/link-layer.ts';
import { VirtualController } from '../controller/virtual-controller.ts';

/** How an ether is. */
export interface EtherOptions {
  /** A host gave a command that virtual controllers do not have: in a test, a reason to fail. */
  readonly onUnknownCommand?: (controller: VirtualController, opcode: number) => void;
  /** A controller left; `error` says what its host did wrong if that was why. */
  readonly onDetach?: (controller: VirtualController, error: HciProtocolError | undefined) => void;
}

/** How a controller in an ether is. */
export interface ControllerOptions {
  /** Public device address such as `C8:47:8C:00:00:01`; one that nobody has by default. */
  readonly address?: string;
  /** Strength at which the others receive this controller, −127 to 20 dBm; −60 by default. */
  readonly rssi?: number;
  /** What goes wrong in the air around this controller; nothing by default. */
  readonly faults?: AirFaults;
  /** Time in ms for which it receives no advertisement after it began to listen; none by default. */
  readonly hearsAfter?: number;
}

const defaultRssi = -60;

/**
 * The air that virtual controllers share: all of them are within reach of each other. Its timers do not
 * keep the process alive.
 */
export class Ether implements Disposable, AsyncDisposable {
  readonly #options: EtherOptions;
  readonly #controllers = new Map<string, VirtualController>();
  readonly #linkLayers = new Set<LinkLayer>();
  #nextAddress = 1;
  #closed = false;

  constructor(options: EtherOptions = {}) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The controllers in the ether, in the order of their arrival. */
  get controllers(): readonly VirtualController[] {
    return [...this.#controllers.values()];
  }

  /**
   * Puts a new controller into the ether, for the host at the other end of `stream`. The controller owns
   * the stream and leaves when it ends.
   *
   * @throws {EtherError} the ether is closed, a fault keeps controllers out, the address is not one or taken, or the
   * RSSI is out of range.
   */
  attach(stream: Duplex, options: ControllerOptions = {}): VirtualController {
    if (this.#closed) throw new EtherError('the ether is closed', 'make a new Ether');
    for (const { faults } of this.#linkLayers) {
      if (faults.admits?.() === false) {
        throw new EtherError('there is no controller', 'plug it in, or wait until it is back');
      }
    }
    const address = this.#checkedAddress(options.address ?? this.#freeAddress());
    const rssi = options.rssi ?? defaultRssi;
    if (!Number.isInteger(rssi) || rssi < -127 || rssi > 20) {
      throw new EtherError(`${rssi} is not an RSSI`, 'give whole dBm from −127 to 20');
    }
    const controller = new VirtualController(stream, {
      air: this.#air,
      address,
      rssi,
      faults: options.faults ?? {},
      hearsAfter: options.hearsAfter,
      onAddress: (from, wanted) => this.#readdress(from, wanted),
      onUnknownCommand: (from, opcode) => this.#options.onUnknownCommand?.(from, opcode),
      onClose: (from, error) => {
        this.#controllers.delete(from.address);
        this.#options.onDetach?.(from, error);
      },
    });
    this.#controllers.set(address, controller);
    return controller;
  }

  /**
   * Puts a new controller into the ether and returns the host's side of its stream, in this process.
   * Ending or destroying it takes the controller away.
   *
   * @throws {EtherError} as `attach`.
   */
  open(options?: ControllerOptions): Duplex {
    const [host, controller] = duplexPair();
    // On their own, the two sides of a pair do not notice each other's destruction.
    host.once('close', () => controller.destroy());
    controller.once('close', () => host.destroy());
    this.attach(controller, options);
    return host;
  }

  /** Detaches every controller and destroys its stream. */
  close(): void {
    this.#closed = true;
    for (const controller of this.controllers) controller.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  readonly #air: LinkLayerAir = {
    join: (linkLayer) => this.#linkLayers.add(linkLayer),
    leave: (linkLayer) => this.#linkLayers.delete(linkLayer),
    transmit: (from, to, pdu) => this.#deliver(from, to, pdu),
    others: (linkLayer) => this.#others(linkLayer),
  };

  /**
   * The only way from one controller to another, where faults lose what they do. Immediates keep the order. A scan
   * request and its response belong to the advertisement before them, and nothing comes between (Core Specification 5.4,
   * Vol 6, Part B, 4.4.2.3): Linux merges the reports of the two only when they follow each other.
   */
  #deliver(from: LinkLayer, to: LinkLayer, pdu: AirPdu<Connection>): void {
    if (from.faults.passes?.(pdu.type, 'out') === false || to.faults.passes?.(pdu.type, 'in') === false)
      return;
    if (pdu.type === 'SCAN_REQ' || pdu.type === 'SCAN_RSP') to.receive(from, pdu);
    else setImmediate(() => to.receive(from, pdu));
  }

  *#others(linkLayer: LinkLayer): Generator<LinkLayer, void, undefined> {
    for (const other of this.#linkLayers) if (other !== linkLayer) yield other;
  }

  #checkedAddress(address: string): string {
    if (!isAddress(address)) {
      const hint = 'write it as six upper-case hexadecimal octets, such as C8:47:8C:00:00:01';
      throw new EtherError(`"${address}" is not a device address`, hint);
    }
    const holder = this.#controllers.get(address);
    if (holder?.closed) holder.close();
    else if (holder) {
      const hint = 'give each controller an address of its own';
      throw new EtherError(`a controller with the address ${address} is in the ether already`, hint);
    }
    return address;
  }

  #readdress(controller: VirtualController, address: string): boolean {
    const holder = this.#controllers.get(address);
    if (holder && holder !== controller) return false;
    this.#controllers.delete(controller.address);
    this.#controllers.set(address, controller);
    return true;
  }

  /** Locally administered, so that it can never be the address of a real device. */
  #freeAddress(): string {
    for (;;) {
      const digits = (this.#nextAddress++).toString(16).toUpperCase().padStart(8, '0');
      const address = `02:00:${(digits.match(/../g) ?? []).join(':')}`;
      if (!this.#controllers.has(address)) return address;
    }
  }
}
