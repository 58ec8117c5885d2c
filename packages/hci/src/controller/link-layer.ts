import { AddressType, type DeviceAddress } from '../codec/address.ts';
import type { AirFaults, FaultyController } from '../air/air-faults.ts';
import type { Air, AirPdu, HostPort, Initiation } from '../air/air.ts';
import { check } from './command-error.ts';
import type { CommandName } from '../codec/opcodes.ts';
import { Connections, type Connection } from './connections.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { AdvertisingEventType, Role, type HciEvent } from '../codec/events.ts';

export interface AdvertisingParameters {
  /** Units of 0.625 ms. */
  readonly interval: number;
  readonly eventType: number;
  readonly ownAddressType: number;
}

/** More advertisers than the duplicate filter remembers are reported again. */
const duplicateFilterSize = 1024;

/** What the host set, as it is after power-on. */
const initial = {
  randomAddress: undefined,
  advertisingParameters: {
    interval: 0x0800,
    eventType: AdvertisingEventType.ADV_IND,
    ownAddressType: AddressType.public,
  },
  advertisingData: Buffer.alloc(0),
  scanResponseData: Buffer.alloc(0),
  activeScanning: false,
} as const;

/** The air as link layers need it. */
export type LinkLayerAir = Air<LinkLayer, Connection>;

/** How a link layer is. */
export interface LinkLayerOptions {
  /** Public device address. */
  readonly address: string;
  /** Strength at which the others receive it, dBm. */
  readonly rssi: number;
  readonly faults: AirFaults;
  /** Time in ms for which it receives nothing after it began to listen; none when left out. */
  readonly hearsAfter?: number | undefined;
}

/** The Link Layer of a virtual controller: advertises, scans, initiates, and has connections. */
export class LinkLayer implements FaultyController {
  publicAddress: string;
  /** What goes wrong in the air around this one. */
  readonly faults: AirFaults;
  readonly connections: Connections;
  readonly #air: LinkLayerAir;
  readonly #host: HostPort;
  readonly #rssi: number;
  readonly #hearsAfter: number | undefined;

  randomAddress: string | undefined = initial.randomAddress;
  advertisingParameters: AdvertisingParameters = initial.advertisingParameters;
  advertisingData: Buffer = initial.advertisingData;
  scanResponseData: Buffer = initial.scanResponseData;
  activeScanning: boolean = initial.activeScanning;

  #advertising: { readonly first: NodeJS.Immediate; readonly interval: NodeJS.Timeout } | undefined;
  #scanning: { readonly reported: Set<string> | undefined } | undefined;
  #initiating: Initiation | undefined;
  #listening = false;
  #hearing: NodeJS.Timeout | undefined;

  constructor(air: LinkLayerAir, host: HostPort, options: LinkLayerOptions) {
    this.#air = air;
    this.#host = host;
    this.publicAddress = options.address;
    this.#rssi = options.rssi;
    this.faults = options.faults;
    this.#hearsAfter = options.hearsAfter;
    this.connections = new Connections(this, air, host);
    air.join(this);
  }

  /** Strength at which the others receive this one, dBm. */
  get rssi(): number {
    return this.faults.rssi?.() ?? this.#rssi;
  }

  get advertising(): boolean {
    return this.#advertising !== undefined;
  }

  get scanning(): boolean {
    return this.#scanning !== undefined;
  }

  get initiating(): boolean {
    return this.#initiating !== undefined;
  }

  // --- Commands of the host ---

  startAdvertising(): void {
    if (this.#advertising) return;
    const { eventType, interval, ownAddressType } = this.advertisingParameters;
    this.#ownAddress(ownAddressType);
    check(!(isConnectable(eventType) && this.connections.isPeripheral), 'Connection Limit Exceeded');
    this.#advertising = {
      first: setImmediate(() => this.#advertise()),
      interval: setInterval(() => this.#advertise(), interval * 0.625).unref(),
    };
  }

  stopAdvertising(): void {
    clearImmediate(this.#advertising?.first);
    clearInterval(this.#advertising?.interval);
    this.#advertising = undefined;
  }

  startScanning(filterDuplicates: boolean): void {
    this.#scanning = { reported: filterDuplicates ? new Set() : undefined };
    this.#listen();
  }

  stopScanning(): void {
    this.#scanning = undefined;
  }

  createConnection(initiation: Initiation): void {
    check(!this.#initiating, 'Command Disallowed');
    this.#ownAddress(initiation.ownAddressType);
    this.connections.checkRoomFor(initiation.peer);
    this.#initiating = initiation;
    this.#listen();
  }

  cancelConnection(): void {
    check(this.#initiating !== undefined, 'Command Disallowed');
    this.#initiating = undefined;
  }

  reportCancellation(): void {
    this.#host.send({
      event: 'leConnectionComplete',
      status: errorCodes['Unknown Connection Identifier'],
      connectionHandle: 0,
      role: Role.central,
      peer: { type: AddressType.public, address: '00:00:00:00:00:00' },
      interval: 0,
      latency: 0,
      supervisionTimeout: 0,
    });
  }

  /** Back to the state after power-on. */
  reset(): void {
    this.stopAdvertising();
    this.stopScanning();
    this.#initiating = undefined;
    this.connections.abandon();
    Object.assign(this, initial);
  }

  /** Out of the air, for good. */
  leave(): void {
    this.reset();
    this.#air.leave(this);
  }

  /** Away from its host. */
  unplug(): void {
    this.#host.unplug();
  }

  tell(event: HciEvent): void {
    this.#host.send(event);
  }

  /** Whether no fault of another one keeps this one from a command of its host. */
  obeys(command: CommandName, parameters: Buffer): boolean {
    for (const { faults } of this.#air.others(this)) {
      if (faults.obeys?.(command, parameters, this) === false) return false;
    }
    return true;
  }

  // --- What comes through the air ---

  receive(from: LinkLayer, pdu: AirPdu<Connection>): void {
    if ('connection' in pdu) {
      this.connections.receive(pdu);
      return;
    }
    switch (pdu.type) {
      case 'ADV':
        this.#hear(from, pdu.eventType, pdu.advertiser, pdu.data);
        return;
      case 'SCAN_REQ':
        this.#respond(from);
        return;
      case 'SCAN_RSP':
        this.#report(AdvertisingEventType.SCAN_RSP, pdu.advertiser, pdu.data, from.rssi);
        return;
      case 'CONNECT_IND':
        this.#accept(from, pdu.initiation);
        return;
    }
  }

  /** One advertising event. */
  #advertise(): void {
    for (const other of this.#air.others(this)) this.#advertiseTo(other);
  }

  #advertiseTo(other: LinkLayer): void {
    if (!this.#advertising || !(other.#scanning || other.#initiating) || other.#hearing) return;
    const { eventType, ownAddressType } = this.advertisingParameters;
    const advertiser = this.#ownAddress(ownAddressType);
    this.#air.transmit(this, other, { type: 'ADV', eventType, advertiser, data: this.advertisingData });
  }

  /** Whoever starts to listen need not wait for the advertising intervals of the others. */
  #listen(): void {
    if (this.#hearsAfter !== undefined) {
      clearTimeout(this.#hearing);
      this.#hearing = setTimeout(() => {
        this.#hearing = undefined;
        this.#hearAll();
      }, this.#hearsAfter).unref();
      return;
    }
    if (this.#listening) return;
    this.#listening = true;
    setImmediate(() => {
      this.#listening = false;
      this.#hearAll();
    });
  }

  #hearAll(): void {
    for (const other of this.#air.others(this)) other.#advertiseTo(this);
  }

  #hear(from: LinkLayer, eventType: number, advertiser: DeviceAddress, data: Buffer): void {
    this.#report(eventType, advertiser, data, from.rssi);
    const asks = this.activeScanning && isScannable(eventType);
    if (asks && this.#wants(AdvertisingEventType.SCAN_RSP, advertiser)) {
      this.#air.transmit(this, from, { type: 'SCAN_REQ' });
    }
    const peer = this.#initiating?.peer;
    const isPeer = peer?.type === advertiser.type && peer.address === advertiser.address;
    if (isConnectable(eventType) && this.#initiating && isPeer) {
      this.#air.transmit(this, from, { type: 'CONNECT_IND', initiation: this.#initiating });
    }
  }

  #respond(to: LinkLayer): void {
    if (!this.#advertising) return;
    const advertiser = this.#ownAddress(this.advertisingParameters.ownAddressType);
    this.#air.transmit(this, to, { type: 'SCAN_RSP', advertiser, data: this.scanResponseData });
  }

  #wants(eventType: number, { type, address }: DeviceAddress): boolean {
    return this.#scanning !== undefined && !this.#scanning.reported?.has(`${eventType} ${type} ${address}`);
  }

  #report(eventType: number, advertiser: DeviceAddress, data: Buffer, rssi: number): void {
    if (!this.#wants(eventType, advertiser)) return;
    const taken = this.#host.offer({ event: 'leAdvertisingReport', eventType, advertiser, data, rssi });
    const reported = this.#scanning?.reported;
    if (!taken || !reported) return;
    if (reported.size >= duplicateFilterSize) reported.clear();
    reported.add(`${eventType} ${advertiser.type} ${advertiser.address}`);
  }

  /** Whoever comes first is accepted; the others go on initiating. */
  #accept(central: LinkLayer, initiation: Initiation): void {
    const { eventType, ownAddressType } = this.advertisingParameters;
    if (!this.#advertising || !isConnectable(eventType) || central.#initiating !== initiation) return;
    const peripheralAddress = this.#ownAddress(ownAddressType);
    const centralAddress = central.#ownAddress(initiation.ownAddressType);
    const connection = {
      central: central.connections.newEnd(Role.central, peripheralAddress),
      peripheral: this.connections.newEnd(Role.peripheral, centralAddress),
      parameters: initiation.parameters,
    };
    this.stopAdvertising();
    central.#initiating = undefined;
    this.connections.open(connection);
    central.connections.open(connection);
  }

  /** @throws {CommandError} Invalid HCI Command Parameters when no random address was set. */
  #ownAddress(type: number): DeviceAddress {
    if (type === AddressType.public) return { type, address: this.publicAddress };
    check(this.randomAddress !== undefined, 'Invalid HCI Command Parameters');
    return { type, address: this.randomAddress };
  }
}

function isConnectable(eventType: number): boolean {
  return eventType === AdvertisingEventType.ADV_IND;
}

function isScannable(eventType: number): boolean {
  return isConnectable(eventType) || eventType === AdvertisingEventType.ADV_SCAN_IND;
}
