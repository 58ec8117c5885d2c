import {
  address,
  counted,
  fixed,
  int8,
  octets,
  rest,
  uint16,
  uint8,
  type Parameter,
  type ValueOf,
} from './event-parameters.ts';
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

const handled = { status: uint8, connectionHandle: uint16 };
const connection = { interval: uint16, latency: uint16, supervisionTimeout: uint16 };

/** One row for each event that a virtual controller sends: its codes, and its parameters in their order. */
// A table is read by its columns:
// prettier-ignore
const events = {
  disconnectionComplete: { code: EventCode.disconnectionComplete, parameters: { ...handled, reason: uint8 } },
  readRemoteVersionInformationComplete: {
    code: EventCode.readRemoteVersionInformationComplete,
    parameters: { ...handled, version: uint8, companyIdentifier: uint16, subversion: uint16 },
  },
  commandComplete: { code: EventCode.commandComplete, always: true, parameters: { numHciCommandPackets: fixed(1), opcode: uint16, returnParameters: rest } },
  commandStatus: { code: EventCode.commandStatus, always: true, parameters: { status: uint8, numHciCommandPackets: fixed(1), opcode: uint16 } },
  hardwareError: { code: EventCode.hardwareError, parameters: { hardwareCode: uint8 } },
  numberOfCompletedPackets: {
    code: EventCode.numberOfCompletedPackets, always: true,
    parameters: { numHandles: fixed(1), connectionHandle: uint16, completedPackets: uint16 },
  },
  leConnectionComplete: {
    code: EventCode.leMeta, subevent: LeSubevent.connectionComplete,
    // 500 ppm; nothing here drifts.
    parameters: { ...handled, role: uint8, peer: address, ...connection, centralClockAccuracy: fixed(0) },
  },
  leAdvertisingReport: {
    code: EventCode.leMeta, subevent: LeSubevent.advertisingReport,
    // The strength is in dBm.
    parameters: { numReports: fixed(1), eventType: uint8, advertiser: address, data: counted, rssi: int8 },
  },
  leConnectionUpdateComplete: {
    code: EventCode.leMeta, subevent: LeSubevent.connectionUpdateComplete,
    parameters: { ...handled, ...connection },
  },
  leReadRemoteFeaturesComplete: {
    code: EventCode.leMeta, subevent: LeSubevent.readRemoteFeaturesComplete,
    parameters: { ...handled, leFeatures: octets(8) },
  },
} as const satisfies Readonly<Record<string, EventRow>>;

interface EventRow {
  readonly code: number;
  /** Of an LE Meta event. */
  readonly subevent?: number;
  /** No mask of the host stops it. */
  readonly always?: true;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

type EventName = keyof typeof events;

type EventOf<Name extends EventName> = { readonly event: Name } & ParametersOf<
  (typeof events)[Name]['parameters']
>;

/** Those with a value; the others are always the same. */
type ParametersOf<P> = {
  readonly [Name in keyof P as ValueOf<P[Name]> extends never ? never : Name]: ValueOf<P[Name]>;
};

/** The events that a virtual controller sends. */
export type HciEvent = { [Name in EventName]: EventOf<Name> }[EventName];

/** The codes of an event, and whether masks apply to it. */
export function codesOf(name: HciEvent['event']): Omit<EventRow, 'parameters'> {
  return events[name];
}

/** Names and kinds of parameters, in their order. */
const parameters: ReadonlyMap<string, readonly (readonly [string, Parameter])[]> = new Map(
  Object.entries<EventRow>(events).map(([name, row]) => [name, Object.entries(row.parameters)]),
);

/** The H4 packet of an event. */
export function encodeEvent(value: HciEvent): Buffer {
  const { code, subevent }: EventRow = events[value.event];
  const given: Readonly<Record<string, unknown>> = value;
  const parts = (parameters.get(value.event) ?? []).map(([name, parameter]) => parameter.encode(given[name]));
  if (subevent !== undefined) parts.unshift(Buffer.from([subevent]));
  return encodePacket({ type: 'event', eventCode: code, parameters: Buffer.concat(parts) });
}

const names = new Map(
  Object.entries<EventRow>(events).map(([name, { code, subevent }]) => [`${code} ${subevent ?? ''}`, name]),
);

/** Reads an event that `encodeEvent` could have written; undefined for any other event. */
export function parseEvent(packet: HciPacket): HciEvent | undefined {
  if (packet.type !== 'event') return undefined;
  const { eventCode, parameters: bytes } = packet;
  const subevent = eventCode === EventCode.leMeta ? bytes.readUInt8(0) : undefined;
  const name = names.get(`${eventCode} ${subevent ?? ''}`);
  if (!isEventName(name)) return undefined;
  const values: Record<string, unknown> = { event: name };
  let at = subevent === undefined ? 0 : 1;
  for (const [key, parameter] of parameters.get(name) ?? []) {
    const { value, size } = parameter.parse(bytes, at);
    if (value !== undefined) values[key] = value;
    at += size;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its parameters are those of the row
  return values as unknown as HciEvent;
}

function isEventName(name: string | undefined): name is EventName {
  return name !== undefined && Object.hasOwn(events, name);
}
