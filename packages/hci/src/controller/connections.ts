import type { AirFaults, FaultyController } from '../air/air-faults.ts';
import type { Air, DataPdu, HostPort } from '../air/air.ts';
import type { DeviceAddress } from '../codec/address.ts';
import { aclBuffers, leFeatures, maximumConnections, version } from './capabilities.ts';
import { check } from './command-error.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { Role, type ConnectionParameters, type HciEvent } from '../codec/events.ts';
import { PacketBoundary } from '../codec/h4.ts';

/** What connections need of the link layers at their ends. */
interface ConnectedLinkLayer extends FaultyController {
  readonly faults: AirFaults;
  /** Strength at which the others receive it, dBm. */
  readonly rssi: number;
  readonly connections: Connections;
}

/** What one side of a connection keeps about it. */
export interface ConnectionEnd {
  readonly linkLayer: ConnectedLinkLayer;
  readonly role: number;
  /** Connection_Handle: each host has its own for the same connection. */
  readonly handle: number;
  /** The other side as it advertised or initiated. */
  readonly peer: DeviceAddress;
  /** ACL packets of this host that the other host does not have yet. */
  undelivered: number;
  /** This host asked for the disconnection. */
  terminating: boolean;
}

/** A connection between a central and a peripheral. */
export interface Connection {
  readonly central: ConnectionEnd;
  readonly peripheral: ConnectionEnd;
  parameters: ConnectionParameters;
  /** Runs while one side is silent. */
  supervision?: NodeJS.Timeout;
}

const handles = { first: 0x0040, last: 0x0eff } as const;

/** The connections of one link layer. */
export class Connections {
  readonly #linkLayer: ConnectedLinkLayer;
  readonly #air: Air<ConnectedLinkLayer, Connection>;
  readonly #host: HostPort;
  readonly #byHandle = new Map<number, Connection>();
  #nextHandle: number = handles.first;

  constructor(linkLayer: ConnectedLinkLayer, air: Air<ConnectedLinkLayer, Connection>, host: HostPort) {
    this.#linkLayer = linkLayer;
    this.#air = air;
    this.#host = host;
  }

  get isPeripheral(): boolean {
    return [...this.#byHandle.values()].some((each) => this.#near(each).role === Role.peripheral);
  }

  /** @throws {CommandError} a connection to `peer` exists, or one more is too many. */
  checkRoomFor(peer: DeviceAddress): void {
    const peers = [...this.#byHandle.values()].map((each) => this.#near(each).peer);
    const exists = peers.some(({ type, address }) => type === peer.type && address === peer.address);
    check(!exists, 'Connection Already Exists');
    check(peers.length < maximumConnections, 'Connection Limit Exceeded');
  }

  /** This side of a connection to come. */
  newEnd(role: number, peer: DeviceAddress): ConnectionEnd {
    while (this.#byHandle.has(this.#nextHandle)) this.#advanceHandle();
    const handle = this.#nextHandle;
    this.#advanceHandle();
    return { linkLayer: this.#linkLayer, role, handle, peer, undelivered: 0, terminating: false };
  }

  open(connection: Connection): void {
    const { handle: connectionHandle, role, peer } = this.#near(connection);
    this.#byHandle.set(connectionHandle, connection);
    const status = errorCodes.Success;
    this.#tell(connection, {
      event: 'leConnectionComplete',
      status,
      connectionHandle,
      role,
      peer,
      ...connection.parameters,
    });
    const far = this.#far(connection);
    const { connections } = far.linkLayer;
    this.#linkLayer.faults.connected?.({
      peer: far.linkLayer,
      lose: (reason) => {
        this.#close(connection, errorCodes[reason]);
        connections.#close(connection, errorCodes[reason]);
      },
      send: (frame) => {
        setImmediate(() => {
          if (!connections.#has(connection)) return;
          connections.#host.sendData(far.handle, PacketBoundary.firstNonFlushable, frame, () => undefined);
        });
      },
    });
  }

  // --- Commands of the host; each throws CommandError, Unknown Connection Identifier ---

  update(handle: number, parameters: ConnectionParameters): void {
    const connection = this.#get(handle);
    // A peripheral would need the Connection Parameters Request procedure, which nobody here supports.
    check(this.#near(connection).role === Role.central, 'Unsupported Remote Feature');
    this.#send({ type: 'LL_CONNECTION_UPDATE_IND', connection, parameters });
  }

  disconnect(handle: number, reason: number): void {
    const connection = this.#get(handle);
    const near = this.#near(connection);
    check(!near.terminating, 'Command Disallowed');
    near.terminating = true;
    this.#send({ type: 'LL_TERMINATE_IND', connection, reason });
  }

  readRemoteFeatures(handle: number): void {
    this.#send({ type: 'LL_FEATURE_REQ', connection: this.#get(handle) });
  }

  readRemoteVersion(handle: number): void {
    this.#send({ type: 'LL_VERSION_IND', connection: this.#get(handle) });
  }

  /** Strength at which the peer is received, dBm. */
  rssi(handle: number): number {
    return this.#far(this.#get(handle)).linkLayer.rssi;
  }

  /** Sends ACL data to the peer; false when the host has no buffer left for it. */
  sendData(handle: number, packetBoundary: number, data: Buffer): boolean {
    const connection = this.#byHandle.get(handle);
    // The host may not know yet that the connection is gone: the data goes with it.
    if (!connection) return true;
    let used = 0;
    for (const each of this.#byHandle.values()) used += this.#near(each).undelivered;
    if (used >= aclBuffers.totalNumberOfPackets) return false;
    this.#near(connection).undelivered += 1;
    this.#send({ type: 'DATA', connection, packetBoundary, data });
    return true;
  }

  /** Forgets every connection and tells nobody: the peers notice it by their supervision timeout. */
  abandon(): void {
    for (const connection of this.#byHandle.values()) {
      const peer = this.#far(connection);
      clearTimeout(connection.supervision);
      connection.supervision = setTimeout(() => {
        const reason = peer.terminating ? 'Connection Terminated By Local Host' : 'Connection Timeout';
        peer.linkLayer.connections.#close(connection, errorCodes[reason]);
      }, connection.parameters.supervisionTimeout * 10).unref();
    }
    this.#byHandle.clear();
  }

  // --- What comes through the air ---

  receive(pdu: DataPdu<Connection>): void {
    const { connection } = pdu;
    if (!this.#has(connection)) return;
    const near = this.#near(connection);
    const far = this.#far(connection);
    const peer = far.linkLayer.connections;
    const status = errorCodes.Success;
    switch (pdu.type) {
      case 'DATA': {
        const acknowledge = (): void => this.#send({ type: 'ACKNOWLEDGEMENT', connection });
        if (this.#linkLayer.faults.takes?.(pdu.data) === false) acknowledge();
        else this.#host.sendData(near.handle, pdu.packetBoundary, pdu.data, acknowledge);
        return;
      }
      case 'ACKNOWLEDGEMENT':
        near.undelivered -= 1;
        this.#host.send({
          event: 'numberOfCompletedPackets',
          connectionHandle: near.handle,
          completedPackets: 1,
        });
        return;
      case 'LL_CONNECTION_UPDATE_IND':
        connection.parameters = pdu.parameters;
        for (const { linkLayer, handle: connectionHandle } of [near, far]) {
          const event = { event: 'leConnectionUpdateComplete', status, connectionHandle } as const;
          linkLayer.connections.#host.send({ ...event, ...pdu.parameters });
        }
        return;
      case 'LL_FEATURE_REQ':
        peer.#host.send({
          event: 'leReadRemoteFeaturesComplete',
          status,
          connectionHandle: far.handle,
          leFeatures,
        });
        return;
      case 'LL_VERSION_IND':
        peer.#host.send({
          event: 'readRemoteVersionInformationComplete',
          status,
          connectionHandle: far.handle,
          ...version,
        });
        return;
      case 'LL_TERMINATE_IND':
        this.#close(connection, pdu.reason);
        peer.#close(connection, errorCodes['Connection Terminated By Local Host']);
        return;
    }
  }

  #get(handle: number): Connection {
    const connection = this.#byHandle.get(handle);
    check(connection !== undefined, 'Unknown Connection Identifier');
    return connection;
  }

  #has(connection: Connection): boolean {
    return this.#byHandle.get(this.#near(connection).handle) === connection;
  }

  #near({ central, peripheral }: Connection): ConnectionEnd {
    return central.linkLayer === this.#linkLayer ? central : peripheral;
  }

  #far({ central, peripheral }: Connection): ConnectionEnd {
    return central.linkLayer === this.#linkLayer ? peripheral : central;
  }

  #send(pdu: DataPdu<Connection>): void {
    this.#air.transmit(this.#linkLayer, this.#far(pdu.connection).linkLayer, pdu);
  }

  #close(connection: Connection, reason: number): void {
    if (!this.#has(connection)) return;
    clearTimeout(connection.supervision);
    const { handle: connectionHandle } = this.#near(connection);
    this.#byHandle.delete(connectionHandle);
    const status = errorCodes.Success;
    this.#linkLayer.faults.disconnected?.(reason);
    this.#tell(connection, { event: 'disconnectionComplete', status, connectionHandle, reason });
  }

  /** Tells the host, unless a fault of the other side keeps it from that. */
  #tell(
    connection: Connection,
    event: HciEvent & { readonly event: 'leConnectionComplete' | 'disconnectionComplete' },
  ): void {
    if (this.#far(connection).linkLayer.faults.tells?.(event.event) === false) return;
    this.#host.send(event);
  }

  #advanceHandle(): void {
    this.#nextHandle = this.#nextHandle === handles.last ? handles.first : this.#nextHandle + 1;
  }
}
