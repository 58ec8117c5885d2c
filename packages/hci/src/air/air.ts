import type { DeviceAddress } from '../codec/address.ts';
import type { ConnectionParameters, HciEvent } from '../codec/events.ts';

/** A pending LE Create Connection command. */
export interface Initiation {
  readonly peer: DeviceAddress;
  readonly ownAddressType: number;
  readonly parameters: ConnectionParameters;
}

/** What travels between connected link layers (Core Specification 5.4, Vol 6, Part B, 2.4). */
export type DataPdu<Connection> = { readonly connection: Connection } & (
  | { readonly type: 'DATA'; readonly packetBoundary: number; readonly data: Buffer }
  /** Stands for the acknowledgement bit of the next packet in the other direction. */
  | { readonly type: 'ACKNOWLEDGEMENT' }
  | { readonly type: 'LL_CONNECTION_UPDATE_IND'; readonly parameters: ConnectionParameters }
  | { readonly type: 'LL_FEATURE_REQ' }
  | { readonly type: 'LL_VERSION_IND' }
  | { readonly type: 'LL_TERMINATE_IND'; readonly reason: number }
);

/** What travels between any two link layers (Core Specification 5.4, Vol 6, Part B, 2.3). */
export type AdvertisingPdu =
  | {
      readonly type: 'ADV';
      readonly eventType: number;
      readonly advertiser: DeviceAddress;
      readonly data: Buffer;
    }
  | { readonly type: 'SCAN_REQ' }
  | { readonly type: 'SCAN_RSP'; readonly advertiser: DeviceAddress; readonly data: Buffer }
  | { readonly type: 'CONNECT_IND'; readonly initiation: Initiation };

export type AirPdu<Connection = unknown> = AdvertisingPdu | DataPdu<Connection>;

/** What a link layer needs of the ether. */
export interface Air<LinkLayer, Connection> {
  join(linkLayer: LinkLayer): void;
  leave(linkLayer: LinkLayer): void;
  /** Takes `pdu` to `to`, on a later turn, in the order of sending. */
  transmit(from: LinkLayer, to: LinkLayer, pdu: AirPdu<Connection>): void;
  /** Everybody within reach of `linkLayer`. */
  others(linkLayer: LinkLayer): Iterable<LinkLayer>;
}

/** What a link layer needs of the host side of its controller. */
export interface HostPort {
  send(event: HciEvent): void;
  /** Like `send`, but false, and nothing sent, while the host is slow to read. */
  offer(event: HciEvent): boolean;
  /** Sends ACL data; calls back when the host has taken it. */
  sendData(connectionHandle: number, packetBoundary: number, data: Buffer, taken: () => void): void;
  /** Takes the controller away from its host. */
  unplug(): void;
}
