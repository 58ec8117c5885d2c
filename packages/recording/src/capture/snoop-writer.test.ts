import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { encodePacket, PacketBoundary, type PacketDirection, tapSocket } from '@ubmsc/hci';
import { CaptureReader } from './capture-reader.ts';
import { SnoopWriter, type Redaction } from './snoop-writer.ts';

/** Holds notifications back until one ends with a full stop; then each is in capitals. */
const capitals = (): Redaction => ({
  notifications() {
    let held: Uint8Array[] = [];
    const give = (): Uint8Array[] => {
      const given = held.map((value) => Buffer.from(Buffer.from(value).toString().toUpperCase()));
      held = [];
      return given;
    };
    return {
      push(value) {
        held.push(Uint8Array.from(value));
        return value.at(-1) === 0x2e ? give() : [];
      },
      end: give,
    };
  },
  write: (value) => Buffer.alloc(value.length, '*'),
});

function acl(pdu: Buffer, connectionHandle = 1, size = 251): Buffer[] {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(pdu.length, 0);
  header.writeUInt16LE(4, 2);
  const bytes = Buffer.concat([header, pdu]);
  const packets: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const packetBoundary = at === 0 ? PacketBoundary.firstFlushable : PacketBoundary.continuing;
    const data = bytes.subarray(at, at + size);
    packets.push(encodePacket({ type: 'aclData', connectionHandle, packetBoundary, broadcast: 0, data }));
  }
  return packets;
}

const notification = (text: string, handle = 0x12): Buffer =>
  Buffer.concat([Buffer.from([0x1b, handle, 0]), Buffer.from(text)]);

const write = (text: string): Buffer => Buffer.concat([Buffer.from([0x52, 0x12, 0]), Buffer.from(text)]);

const event = encodePacket({ type: 'event', eventCode: 0x13, parameters: Buffer.from([1, 1, 0, 1, 0]) });

function writing(redaction?: Redaction) {
  const chunks: Buffer[] = [];
  const writer = new SnoopWriter((bytes) => void chunks.push(Buffer.from(bytes)), redaction);
  /** What is in the file so far: direction, kind and text of each packet. */
  const file = (): string[] => {
    const reader = new CaptureReader();
    return [...reader.push(Buffer.concat(chunks))].map(
      ({ direction, indicator, body }) => `${direction} ${indicator} ${body.toString('latin1').slice(-4)}`,
    );
  };
  return { writer, file };
}

const start = Date.UTC(2025, 2, 4);

test('without a redaction, packets are written as they come, with their times', () => {
  const chunks: Buffer[] = [];
  const writer = new SnoopWriter((bytes) => void chunks.push(bytes));
  const [packet = event] = acl(notification('secret'));
  writer.push(packet, 'received', start + 0.125);
  const [read] = new CaptureReader().push(Buffer.concat(chunks));
  expect(read).toMatchObject({ direction: 'received', indicator: 2, time: start + 0.125 });
  expect(read?.body).toEqual(packet.subarray(1));
});

describe('with a redaction', () => {
  test('what follows a notification that is delayed waits with it, in its place', () => {
    const { writer, file } = writing(capitals());
    for (const packet of [...acl(notification('abcd')), event, ...acl(notification('efg.'))]) {
      expect(file()).toEqual([]);
      writer.push(packet, 'received', start);
    }
    expect(file()).toEqual(['received 2 ABCD', 'received 4 \u0001\u0000\u0001\u0000', 'received 2 EFG.']);
  });

  test('values are redacted across fragments, whatever their size', () => {
    for (let size = 1; size < 15; size++) {
      const { writer, file } = writing(capitals());
      for (const packet of acl(notification('abcdef.'), 1, size)) writer.push(packet, 'received', start);
      const data = file().map((line) => line.slice('received 2 '.length));
      expect(data.length).toBe(Math.ceil(14 / size));
      expect(data.at(-1)).toContain('.');
      expect(data.join('')).not.toMatch(/[a-f]/);
    }
  });

  test('each characteristic and each connection has its own', () => {
    const { writer, file } = writing(capitals());
    writer.push(acl(notification('aaaa'))[0] ?? event, 'received', start);
    writer.push(acl(notification('bbb.', 0x20))[0] ?? event, 'received', start);
    writer.push(acl(notification('ccc.'), 2)[0] ?? event, 'received', start);
    expect(file()).toEqual([]);
    writer.push(acl(notification('ddd.'))[0] ?? event, 'received', start);
    expect(file()).toEqual(['AAAA', 'BBB.', 'CCC.', 'DDD.'].map((text) => `received 2 ${text}`));
  });

  test('writes are redacted at once', () => {
    const { writer, file } = writing(capitals());
    writer.push(acl(write('1234'))[0] ?? event, 'sent', start);
    expect(file()).toEqual(['sent 2 ****']);
  });

  test.each([
    ['2 s have gone by', (writer: SnoopWriter) => writer.push(event, 'received', start + 2001)],
    ['the capture ends', (writer: SnoopWriter) => writer.end()],
    [
      'the link ends',
      (writer: SnoopWriter) =>
        writer.push(
          encodePacket({ type: 'event', eventCode: 0x05, parameters: Buffer.from([0, 1, 0, 0x13]) }),
          'received',
          start,
        ),
    ],
  ] as const)('nothing is delayed when %s', (_, happens) => {
    const { writer, file } = writing(capitals());
    writer.push(acl(notification('abcd'))[0] ?? event, 'received', start);
    expect(file()).toEqual([]);
    happens(writer);
    expect(file()[0]).toBe('received 2 ABCD');
  });
});

describe('a socket that is tapped', () => {
  const listened = () => {
    const heard: string[] = [];
    const socket = Object.assign(new EventEmitter<{ data: [Buffer] }>(), {
      write: (packet: Buffer) => void heard.push(`controller ${packet.toString('hex')}`),
    });
    tapSocket(socket, (packet: Buffer, direction: PacketDirection) => {
      heard.push(`${direction} ${packet.toString('hex')}`);
    });
    return { socket, heard };
  };

  test('tells of packets before the host and the controller get them, without what follows them in memory', () => {
    const { socket, heard } = listened();
    socket.on('data', (packet: Buffer) => void heard.push(`host ${packet.toString('hex')}`));
    socket.write(Buffer.from('01030c00ffff', 'hex'));
    socket.emit('data', Buffer.from('040e00', 'hex'));
    expect(heard).toEqual(['sent 01030c00', 'controller 01030c00ffff', 'received 040e00', 'host 040e00']);
  });

  test('tells of them still when the host takes all listeners off', () => {
    const { socket, heard } = listened();
    socket.removeAllListeners();
    socket.emit('data', Buffer.from('040e00', 'hex'));
    expect(heard).toEqual(['received 040e00']);
  });
});
