import {
  encodeEvent,
  encodePacket,
  PacketBoundary,
  AdvertisingEventType,
  Role,
  type PacketDirection,
} from '@ubmsc/hci';
import { acknowledge, commands, encodeRequest, heartbeat, sealFrame } from '@ubmsc/protocol';

/** What the captures of the tests hold: one H4 packet, the way that it went, and when, in ms since 1970-01-01 UTC. */
export interface TestPacket {
  readonly packet: Buffer;
  readonly direction: PacketDirection;
  readonly time: number;
}

/** 2025-03-04 05:06:07 UTC. */
export const start = 1_741_064_767_000;

/** Passcodes that no recording may have. */
export const planted = /LEAK/;

/** Device info of a battery whose passcodes are planted (reference, section 5). */
export const deviceInfo = sealFrame(
  'deviceInfo',
  Uint8Array.from(
    { length: 300 },
    (() => {
      const text = Buffer.alloc(300);
      text.write('JK_B2A20S20P', 6);
      text.write('11.XW', 22);
      text.write('11.26', 30);
      text.write('UPS_BMS', 46);
      text.write('LEAKME1', 62);
      text.write('240101', 78);
      text.write('2041803028', 86);
      text.write('LEAKME2', 118);
      return (_, index) => text[index] ?? 0;
    })(),
  ),
).bytes;

const cellData = sealFrame(
  'cellData',
  Uint8Array.from({ length: 300 }, (_, index) => (index * 7) & 0x3f),
).bytes;

export interface TestSession {
  readonly handle: number;
  readonly address: string;
  readonly name?: string;
  /** Octets that an ACL data packet holds; L2CAP PDUs that are longer are cut. */
  readonly fragment?: number;
  /** ATT_MTU that both agree to. */
  readonly mtu?: number;
  /** Without it the central remembers the attributes. */
  readonly discovery?: boolean;
  /** Milliseconds from {@link start} to when the link is made. */
  readonly at?: number;
  /** The capture begins after the connection's beginning. */
  readonly headless?: boolean;
}

/** What goes through the controller of a central that asks a battery for its device info, hears cells, and leaves. */
export function sessionPackets(session: TestSession): TestPacket[] {
  const { handle, address, name, fragment = 27, mtu = 131, discovery = true, at = 0, headless } = session;
  const packets: TestPacket[] = [];
  let time = start + at;
  const add = (packet: Buffer, direction: TestPacket['direction']): void => {
    packets.push({ packet, direction, time: (time += 1.25) });
  };
  const att = (
    direction: TestPacket['direction'],
    hex: string,
    value: Uint8Array = new Uint8Array(),
  ): void => {
    const pdu = Buffer.concat([Buffer.alloc(4), Buffer.from(hex.replaceAll(' ', ''), 'hex'), value]);
    pdu.writeUInt16LE(pdu.length - 4, 0);
    pdu.writeUInt16LE(4, 2);
    const first = direction === 'sent' ? PacketBoundary.firstNonFlushable : PacketBoundary.firstFlushable;
    for (let from = 0; from < pdu.length; from += fragment) {
      const packetBoundary = from === 0 ? first : PacketBoundary.continuing;
      const data = pdu.subarray(from, from + fragment);
      add(
        encodePacket({ type: 'aclData', connectionHandle: handle, packetBoundary, broadcast: 0, data }),
        direction,
      );
    }
  };
  const notify = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length; from += mtu - 3)
      att('received', '1b 0500', bytes.subarray(from, from + mtu - 3));
  };

  if (!headless) {
    const peer = { type: 0, address };
    if (name !== undefined) {
      const data = Buffer.concat([Buffer.from([name.length + 1, 0x09]), Buffer.from(name)]);
      const eventType = AdvertisingEventType.SCAN_RSP;
      add(
        encodeEvent({ event: 'leAdvertisingReport', eventType, advertiser: peer, data, rssi: -60 }),
        'received',
      );
    }
    add(
      encodeEvent({
        event: 'leConnectionComplete',
        status: 0,
        connectionHandle: handle,
        role: Role.central,
        peer,
        interval: 12,
        latency: 0,
        supervisionTimeout: 500,
      }),
      'received',
    );
  }
  if (discovery) {
    const asked = Buffer.alloc(2);
    asked.writeUInt16LE(mtu);
    att('sent', '02 0002');
    att('received', '03', asked);
    att('sent', '10 0100 ffff 0028');
    att('received', '11 06 0100 ffff e0ff');
    att('sent', '08 0100 ffff 0328');
    att('received', '09 07 0200 0c 0300 e1ff 0400 12 0500 e1ff');
    att('sent', '04 0600 ffff');
    att('received', '05 01 0600 0229');
    att('sent', '12 0600', Uint8Array.of(1, 0));
    att('received', '13');
  }
  att('sent', '52 0300', encodeRequest(commands.readDeviceInfo));
  notify(acknowledge);
  notify(deviceInfo);
  notify(heartbeat);
  att('received', '1b 2a00', Uint8Array.of(99)); // another characteristic
  notify(cellData);
  add(
    encodeEvent({ event: 'disconnectionComplete', status: 0, connectionHandle: handle, reason: 0x13 }),
    'received',
  );
  return packets;
}

/** Several sessions at a time, packet by packet in the order of their times. */
export function together(...sessions: readonly (readonly TestPacket[])[]): TestPacket[] {
  return sessions.flat().toSorted((one, other) => one.time - other.time);
}
