import type { CapturedPacket } from './captured-packet.ts';
import { packetTypes, type PacketDirection } from '@ubmsc/hci';

/** What a container says of a packet beside its octets. */
export interface PacketHead {
  readonly time: number;
  /** The interface, where a file has several. */
  readonly source: number;
  /** The direction, where the container has it. */
  readonly direction?: PacketDirection | undefined;
  /** The flags of btsnoop, which some of its link types explain by. */
  readonly flags: number;
}

/** How the octets of a packet stand in a capture: gives the packet, or undefined for what is not one. */
export type LinkType = (data: Buffer, head: PacketHead) => CapturedPacket | undefined;

const { command, aclData, event } = packetTypes;

/** H4: the indicator, then the packet. Commands and events go one way only. */
const h4: LinkType = (data, { time, source, direction }) => {
  const indicator = data[0];
  if (indicator === undefined) return undefined;
  const only =
    indicator === command.indicator ? 'sent' : indicator === event.indicator ? 'received' : undefined;
  return { time, controller: source, direction: only ?? direction, indicator, body: data.subarray(1) };
};

/** Without an indicator: the flags of btsnoop tell what it is. Bit 1 is set for commands and events. */
const h1: LinkType = (data, { time, source, direction, flags }) => {
  const control = direction === 'sent' ? command.indicator : event.indicator;
  const indicator = (flags & 0b10) === 0 ? aclData.indicator : control;
  return { time, controller: source, direction, indicator, body: data };
};

/** H4 after four octets with the direction, 0 for sent and 1 for received. */
const h4WithDirection: LinkType = (data, head) =>
  data.length < 5
    ? undefined
    : h4(data.subarray(4), { ...head, direction: data.readUInt32BE(0) === 0 ? 'sent' : 'received' });

/** The opcodes of the Linux monitor that stand for packets; the others tell of controllers and of programs. */
const monitorPackets: Readonly<Record<number, readonly [indicator: number, direction: PacketDirection]>> = {
  2: [command.indicator, 'sent'],
  3: [event.indicator, 'received'],
  4: [aclData.indicator, 'sent'],
  5: [aclData.indicator, 'received'],
};

function monitor(opcode: number, controller: number, body: Buffer, time: number): CapturedPacket | undefined {
  const packet = monitorPackets[opcode];
  return packet && { time, controller, indicator: packet[0], direction: packet[1], body };
}

/** The Linux monitor in btsnoop: the flags hold controller and opcode. */
const monitorByFlags: LinkType = (data, { time, flags }) => monitor(flags & 0xffff, flags >>> 16, data, time);

/** The Linux monitor in pcap: controller and opcode stand before the packet. */
const monitorByHeader: LinkType = (data, { time }) =>
  data.length < 4 ? undefined : monitor(data.readUInt16BE(2), data.readUInt16BE(0), data.subarray(4), time);

/** The link types of btsnoop that are read. */
export const btsnoopLinkTypes: Readonly<Record<number, LinkType>> = {
  1001: h1,
  1002: h4,
  2001: monitorByFlags,
};

/** The link types of pcap that are read: https://www.tcpdump.org/linktypes.html */
export const pcapLinkTypes: Readonly<Record<number, LinkType>> = {
  187: h4,
  201: h4WithDirection,
  254: monitorByHeader,
};
