import { decodeAddress, encodeAddress, type DeviceAddress } from './address.ts';
import { encodePacket, type HciPacket } from './h4.ts';

/** Event codes of Core Specification 5.4, Vol 4, Part E, 7.7. */
export const EventCode = {
  disconnectionComplete: 0x05,
  readRemoteVersionInformationComplete: 0x0c,
  commandComplete: 0x0e,
  commandStatus: 0x0f,
  hardwareError: 0x10,
  numberOfCompletedPackets: 0x13,
  leMeta: 0x3e,
} as const;

/** Subevent codes of the LE Meta event, Core Specification 5.4, Vol 4, Part E, 7.7.65. */
export const LeSubevent = {
  connectionComplete: 0x01,
  advertisingReport: 0x02,
  connectionUpdateComplete: 0x03,
  readRemoteFeaturesComplete: 0x04,
} as const;

/** Event_Type of an advertising report, Core Specification 5.4, Vol 4, Part E, 7.7.65.2. */
export const AdvertisingEventType = {
  ADV_IND: 0x00,
  ADV_DIRECT_IND: 0x01,
  ADV_SCAN_IND: 0x02,
  ADV_NONCONN_IND: 0x03,
  SCAN_RSP: 0x04,
} as const;

/** Role of a connection complete event, Core Specification 5.4, Vol 4, Part E, 7.7.65.1. */
export const Role = { central: 0x00, peripheral: 0x01 } as const;

/** Units: `interval` 1.25 ms, `latency` connection events, `supervisionTimeout` 10 ms. */
export interface ConnectionParameters {
  readonly interval: number;
  readonly latency: number;
  readonly supervisionTimeout: number;
}

/** The events that a virtual controller sends. */
export type HciEvent =
  | {
      readonly event: 'disconnectionComplete';
      readonly status: number;
      readonly connectionHandle: number;
      readonly reason: number;
    }
  | {
      readonly event: 'readRemoteVersionInformationComplete';
      readonly status: number;
      readonly connectionHandle: number;
      readonly version: number;
      readonly companyIdentifier: number;
      readonly subversion: number;
    }
  | { readonly event: 'commandComplete'; readonly opcode: number; readonly returnParameters: Buffer }
  | { readonly event: 'commandStatus'; readonly status: number; readonly opcode: number }
  | { readonly event: 'hardwareError'; readonly hardwareCode: number }
  | {
      readonly event: 'numberOfCompletedPackets';
      readonly connectionHandle: number;
      readonly completedPackets: number;
    }
  | ({
      readonly event: 'leConnectionComplete';
      readonly status: number;
      readonly connectionHandle: number;
      readonly role: number;
      readonly peer: DeviceAddress;
    } & ConnectionParameters)
  | {
      readonly event: 'leAdvertisingReport';
      readonly eventType: number;
      readonly advertiser: DeviceAddress;
      readonly data: Buffer;
      /** dBm. */
      readonly rssi: number;
    }
  | ({
      readonly event: 'leConnectionUpdateComplete';
      readonly status: number;
      readonly connectionHandle: number;
    } & ConnectionParameters)
  | {
      readonly event: 'leReadRemoteFeaturesComplete';
      readonly status: number;
      readonly connectionHandle: number;
      readonly leFeatures: Buffer;
    };

/** How many commands a host may send before it has the answer to the first one. */
const numHciCommandPackets = 1;

/** Central_Clock_Accuracy: 500 ppm; nothing here drifts. */
const centralClockAccuracy = 0x00;

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff]);
export const u16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >> 8) & 0xff]);

const u16s = (...values: number[]): Buffer => Buffer.concat(values.map((value) => u16(value)));

function event(eventCode: number, ...parameters: Buffer[]): Buffer {
  return encodePacket({ type: 'event', eventCode, parameters: Buffer.concat(parameters) });
}

/** The H4 packet of an event. */
export function encodeEvent(value: HciEvent): Buffer {
  switch (value.event) {
    case 'disconnectionComplete':
      return event(
        EventCode.disconnectionComplete,
        u8(value.status),
        u16(value.connectionHandle),
        u8(value.reason),
      );
    case 'readRemoteVersionInformationComplete':
      return event(
        EventCode.readRemoteVersionInformationComplete,
        u8(value.status),
        u16(value.connectionHandle),
        u8(value.version),
        u16s(value.companyIdentifier, value.subversion),
      );
    case 'commandComplete':
      return event(
        EventCode.commandComplete,
        u8(numHciCommandPackets),
        u16(value.opcode),
        value.returnParameters,
      );
    case 'commandStatus':
      return event(EventCode.commandStatus, u8(value.status), u8(numHciCommandPackets), u16(value.opcode));
    case 'hardwareError':
      return event(EventCode.hardwareError, u8(value.hardwareCode));
    case 'numberOfCompletedPackets':
      return event(
        EventCode.numberOfCompletedPackets,
        u8(1),
        u16s(value.connectionHandle, value.completedPackets),
      );
    case 'leConnectionComplete':
      return event(
        EventCode.leMeta,
        u8(LeSubevent.connectionComplete),
        u8(value.status),
        u16(value.connectionHandle),
        u8(value.role),
        u8(value.peer.type),
        encodeAddress(value.peer.address),
        u16s(value.interval, value.latency, value.supervisionTimeout),
        u8(centralClockAccuracy),
      );
    case 'leAdvertisingReport':
      return event(
        EventCode.leMeta,
        u8(LeSubevent.advertisingReport),
        u8(1),
        u8(value.eventType),
        u8(value.advertiser.type),
        encodeAddress(value.advertiser.address),
        u8(value.data.length),
        value.data,
        u8(value.rssi),
      );
    case 'leConnectionUpdateComplete':
      return event(
        EventCode.leMeta,
        u8(LeSubevent.connectionUpdateComplete),
        u8(value.status),
        u16s(value.connectionHandle, value.interval, value.latency, value.supervisionTimeout),
      );
    case 'leReadRemoteFeaturesComplete':
      return event(
        EventCode.leMeta,
        u8(LeSubevent.readRemoteFeaturesComplete),
        u8(value.status),
        u16(value.connectionHandle),
        value.leFeatures,
      );
  }
}

/** Reads an event that `encodeEvent` could have written; undefined for any other event. */
export function parseEvent(packet: HciPacket): HciEvent | undefined {
  if (packet.type !== 'event') return undefined;
  const { eventCode, parameters: at } = packet;
  switch (eventCode) {
    case EventCode.disconnectionComplete:
      return {
        event: 'disconnectionComplete',
        status: at.readUInt8(0),
        connectionHandle: at.readUInt16LE(1),
        reason: at.readUInt8(3),
      };
    case EventCode.readRemoteVersionInformationComplete:
      return {
        event: 'readRemoteVersionInformationComplete',
        status: at.readUInt8(0),
        connectionHandle: at.readUInt16LE(1),
        version: at.readUInt8(3),
        companyIdentifier: at.readUInt16LE(4),
        subversion: at.readUInt16LE(6),
      };
    case EventCode.commandComplete:
      return { event: 'commandComplete', opcode: at.readUInt16LE(1), returnParameters: at.subarray(3) };
    case EventCode.commandStatus:
      return { event: 'commandStatus', status: at.readUInt8(0), opcode: at.readUInt16LE(2) };
    case EventCode.hardwareError:
      return { event: 'hardwareError', hardwareCode: at.readUInt8(0) };
    case EventCode.numberOfCompletedPackets:
      return {
        event: 'numberOfCompletedPackets',
        connectionHandle: at.readUInt16LE(1),
        completedPackets: at.readUInt16LE(3),
      };
    case EventCode.leMeta:
      return parseLeMetaEvent(at);
    default:
      return undefined;
  }
}

function parseLeMetaEvent(at: Buffer): HciEvent | undefined {
  switch (at.readUInt8(0)) {
    case LeSubevent.connectionComplete:
      return {
        event: 'leConnectionComplete',
        status: at.readUInt8(1),
        connectionHandle: at.readUInt16LE(2),
        role: at.readUInt8(4),
        peer: { type: at.readUInt8(5), address: decodeAddress(at, 6) },
        interval: at.readUInt16LE(12),
        latency: at.readUInt16LE(14),
        supervisionTimeout: at.readUInt16LE(16),
      };
    case LeSubevent.advertisingReport: {
      const length = at.readUInt8(10);
      return {
        event: 'leAdvertisingReport',
        eventType: at.readUInt8(2),
        advertiser: { type: at.readUInt8(3), address: decodeAddress(at, 4) },
        data: at.subarray(11, 11 + length),
        rssi: at.readInt8(11 + length),
      };
    }
    case LeSubevent.connectionUpdateComplete:
      return {
        event: 'leConnectionUpdateComplete',
        status: at.readUInt8(1),
        connectionHandle: at.readUInt16LE(2),
        interval: at.readUInt16LE(4),
        latency: at.readUInt16LE(6),
        supervisionTimeout: at.readUInt16LE(8),
      };
    case LeSubevent.readRemoteFeaturesComplete:
      return {
        event: 'leReadRemoteFeaturesComplete',
        status: at.readUInt8(1),
        connectionHandle: at.readUInt16LE(2),
        leFeatures: at.subarray(4, 12),
      };
    default:
      return undefined;
  }
}
