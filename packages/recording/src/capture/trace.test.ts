import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AdvertisingEventType,
  encodeEvent,
  Role,
  encodePacket,
  PacketBoundary,
  packetTypes,
  type PacketDirection,
} from '@ubmsc/hci';
import { ConnectionTrace, type ConnectionTraceEvents, type TracedConnection } from './connection-trace.ts';
import { GattTrace, serverOf, shortUuid } from './gatt-trace.ts';

interface Seen {
  readonly connections: TracedConnection[];
  readonly ends: (readonly [connection: TracedConnection, reason: number | undefined])[];
  readonly pdus: (readonly [connection: TracedConnection, direction: PacketDirection, hex: string])[];
}

function tracing(): { trace: ConnectionTrace; seen: Seen; send: ReturnType<typeof sender> } {
  const seen: Seen = { connections: [], ends: [], pdus: [] };
  const events: ConnectionTraceEvents = {
    connected: (connection) => void seen.connections.push(connection),
    disconnected: (connection, _time, reason) => void seen.ends.push([connection, reason]),
    att: (connection, direction, pdu) => void seen.pdus.push([connection, direction, pdu.toString('hex')]),
  };
  const trace = new ConnectionTrace(events);
  return { trace, seen, send: sender(trace) };
}

function sender(trace: ConnectionTrace) {
  return (packet: Buffer, direction: PacketDirection | 'untold' = 'received', controller = 0): void =>
    trace.push({
      time: 1000,
      controller,
      direction: direction === 'untold' ? undefined : direction,
      indicator: packet.readUInt8(0),
      body: packet.subarray(1),
    });
}

const address = 'C8:47:80:00:00:01';

const connected = (connectionHandle: number, role: number = Role.central): Buffer =>
  encodeEvent({
    event: 'leConnectionComplete',
    status: 0,
    connectionHandle,
    role,
    peer: { type: 0, address },
    interval: 12,
    latency: 0,
    supervisionTimeout: 500,
  });

const disconnected = (connectionHandle: number): Buffer =>
  encodeEvent({ event: 'disconnectionComplete', status: 0, connectionHandle, reason: 0x13 });

const advert = (data: Buffer): Buffer =>
  encodeEvent({
    event: 'leAdvertisingReport',
    eventType: AdvertisingEventType.SCAN_RSP,
    advertiser: { type: 0, address },
    data,
    rssi: -60,
  });

function l2cap(payload: Buffer, channel = 4): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(payload.length, 0);
  header.writeUInt16LE(channel, 2);
  return Buffer.concat([header, payload]);
}

const data = (
  connectionHandle: number,
  bytes: Buffer,
  packetBoundary: number = PacketBoundary.firstFlushable,
): Buffer => encodePacket({ type: 'aclData', connectionHandle, packetBoundary, broadcast: 0, data: bytes });

describe('connections', () => {
  test('have the address of the peer, the name that it has advertised, and an end with its reason', () => {
    const { seen, send } = tracing();
    send(advert(Buffer.from([4, 0x08, ...Buffer.from('UPS')])));
    send(advert(Buffer.from([2, 0x01, 0x06, 8, 0x09, ...Buffer.from('UPS_BMS')])));
    send(advert(Buffer.from([4, 0x08, ...Buffer.from('UPS')])));
    send(connected(0x40));
    send(disconnected(0x40));
    expect(seen.connections).toMatchObject([{ peer: { address, name: 'UPS_BMS' }, central: 'own' }]);
    expect(seen.ends).toEqual([[seen.connections[0], 0x13]]);
  });

  test('of a battery’s own side know its address and name from what its host does', () => {
    const { seen, send } = tracing();
    const returnParameters = Buffer.from('00010000804c7c', 'hex');
    send(encodeEvent({ event: 'commandComplete', opcode: 0x1009, returnParameters }));
    const parameters = Buffer.concat([Buffer.from([5, 4, 0x09]), Buffer.from('BMS'), Buffer.alloc(26)]);
    send(encodePacket({ type: 'command', opcode: 0x2009, parameters }), 'sent');
    send(connected(1, Role.peripheral));
    expect(seen.connections).toMatchObject([
      { own: { address: '7C:4C:80:00:00:01', name: 'BMS' }, central: 'peer' },
    ]);
  });

  test('whose beginning is not in the capture are found by their data', () => {
    const { seen, send } = tracing();
    send(data(7, l2cap(Buffer.from('1b0100ff', 'hex'))));
    expect(seen.connections).toMatchObject([{ handle: 7, central: undefined, peer: { address: undefined } }]);
    expect(seen.pdus).toEqual([[seen.connections[0], 'received', '1b0100ff']]);
  });

  test('with the same handle on two controllers are two', () => {
    const { seen, send } = tracing();
    for (const controller of [0, 1]) send(connected(1), 'received', controller);
    send(data(1, l2cap(Buffer.from('1b0100ff', 'hex'))), 'received', 1);
    expect(seen.connections).toHaveLength(2);
    expect(seen.pdus[0]?.[0]).toBe(seen.connections[1]);
  });

  test('end when their handle is given to another, when the controller is reset, and with the capture', () => {
    const { trace, seen, send } = tracing();
    for (const handle of [1, 1, 2]) send(connected(handle));
    send(encodeEvent({ event: 'commandComplete', opcode: 0x0c03, returnParameters: Buffer.from([0]) }));
    send(connected(3));
    trace.end(2000);
    expect(seen.ends.map(([{ handle }]) => handle)).toEqual([1, 1, 2, 3]);
  });
});

describe('the Attribute Protocol', () => {
  test('is put together from fragments of two connections that alternate, whatever their size', () => {
    const payloads = fc.uint8Array({ minLength: 1, maxLength: 517 });
    fc.assert(
      fc.property(payloads, payloads, fc.integer({ min: 1, max: 300 }), (one, two, size) => {
        const { seen, send } = tracing();
        const [first, second] = [one, two].map((payload) => l2cap(Buffer.from(payload)));
        for (let at = 0; at < 600; at += size) {
          const boundary = at === 0 ? PacketBoundary.firstFlushable : PacketBoundary.continuing;
          for (const [handle, bytes] of [first, second].entries()) {
            if (bytes && at < bytes.length) send(data(handle, bytes.subarray(at, at + size), boundary));
          }
        }
        const hex = [one, two].map((payload) => Buffer.from(payload).toString('hex'));
        expect(seen.pdus.map(([, , found]) => found).toSorted()).toEqual(hex.toSorted());
      }),
      { numRuns: 100 },
    );
  });

  test('is told from other channels, and a PDU that is begun again takes the place of the one before', () => {
    const { seen, send } = tracing();
    const pdu = l2cap(Buffer.from('1b0100aabbcc', 'hex'));
    send(data(1, l2cap(Buffer.from('120802', 'hex'), 5)));
    send(data(1, pdu.subarray(0, 6)));
    send(data(1, pdu));
    send(data(1, Buffer.from('ffff', 'hex'), PacketBoundary.continuing));
    expect(seen.pdus.map(([, , hex]) => hex)).toEqual(['1b0100aabbcc']);
  });

  test('has its direction from how a PDU begins, where the capture does not say it', () => {
    const { seen, send } = tracing();
    const pdu = l2cap(Buffer.from('520300aa', 'hex'));
    send(data(1, pdu.subarray(0, 5), PacketBoundary.firstNonFlushable), 'untold');
    send(data(1, pdu.subarray(5), PacketBoundary.continuing), 'untold');
    send(data(1, l2cap(Buffer.from('1b0300aa', 'hex'))), 'untold');
    expect(seen.pdus.map(([, direction]) => direction)).toEqual(['sent', 'received']);
  });
});

test('packets whose length is not what they say are counted and left out', () => {
  const { trace, seen, send } = tracing();
  const pdu = data(1, l2cap(Buffer.from('1b0100ff', 'hex')));
  send(pdu.subarray(0, -1));
  send(Buffer.concat([pdu, Buffer.alloc(1)]));
  send(connected(1).subarray(0, 8));
  send(Buffer.from([packetTypes.aclData.indicator, 1]));
  expect(trace.malformed).toBe(4);
  expect(seen.connections).toEqual([]);
});

test('nothing that comes makes it throw', () => {
  const body = fc.uint8Array({ maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2, 4), body), { maxLength: 30 }), (packets) => {
      const { trace, send } = tracing();
      for (const [indicator, bytes] of packets) send(Buffer.from([indicator, ...bytes]));
      trace.end(0);
    }),
  );
});

describe('a server is known from its discovery', () => {
  const pdus = (...hex: readonly string[]): GattTrace => {
    const gatt = new GattTrace();
    for (const each of hex) gatt.push(Buffer.from(each.replaceAll(' ', ''), 'hex'));
    return gatt;
  };

  test('all primary services, of 16 and of 128 bits', () => {
    const gatt = pdus(
      '10 0100 ffff 0028',
      '11 06 0100 0500 0018 0600 ffff e0ff',
      '10 0100 ffff 0028',
      '11 14 1000 1200 00000000000000b0 00405104c0ff00f0',
      '10 0100 ffff 0128', // secondary services do not count
      '11 06 2000 2100 0f18',
    );
    expect(gatt.services).toEqual([
      { uuid: '1800', startHandle: 1, endHandle: 5 },
      { uuid: 'ffe0', startHandle: 6, endHandle: 0xffff },
      { uuid: 'f000ffc004514000b000000000000000', startHandle: 16, endHandle: 18 },
    ]);
  });

  test('one service by its UUID', () => {
    expect(pdus('06 0100 ffff 0028 e0ff', '07 0e00 1300').services).toEqual([
      { uuid: 'ffe0', startHandle: 14, endHandle: 19 },
    ]);
  });

  test('characteristics with their properties, and descriptors', () => {
    const gatt = pdus(
      '08 0e00 1300 0328',
      '09 07 0f00 04 1000 e2ff 1100 1c 1200 e1ff',
      '04 1300 1300',
      '05 01 1300 0229',
    );
    expect(gatt.characteristics).toEqual([
      { uuid: 'ffe2', valueHandle: 16, properties: 0x04 },
      { uuid: 'ffe1', valueHandle: 18, properties: 0x1c },
    ]);
    expect(gatt.descriptors).toEqual([{ uuid: '2902', handle: 19 }]);
  });

  test('descriptors of one type, as some hosts look for them', () => {
    const gatt = pdus('08 1200 1700 0229', '09 04 1700 0000', '08 1200 1700 002a', '09 05 1400 414141');
    expect(gatt.descriptors).toEqual([{ uuid: '2902', handle: 0x17 }]);
  });

  test('a UUID of 128 bits is as it was sent, and tells the 16 bits that it is made from', () => {
    const gatt = pdus('08 0100 ffff 0328', '09 15 0200 1c 0300 fb349b5f80000080 00100000 e1ff0000');
    const uuid = '0000ffe100001000800000805f9b34fb';
    expect(gatt.characteristics).toEqual([{ uuid, valueHandle: 3, properties: 0x1c }]);
    expect(shortUuid(uuid)).toBe('ffe1');
  });

  test('the smaller MTU of both is the one that they agree to, and 23 without an exchange', () => {
    expect([pdus().mtu, pdus('02 0001', '03 8300').mtu, pdus('02 1000', '03 f700').mtu]).toEqual([
      23, 131, 23,
    ]);
  });

  test('values are those of writes, notifications and indications', () => {
    const gatt = new GattTrace();
    const value = (hex: string): unknown => gatt.push(Buffer.from(hex, 'hex'));
    expect(value('521200aa')).toMatchObject({ kind: 'write', handle: 18, confirmed: false });
    expect(value('121200aa')).toMatchObject({ kind: 'write', confirmed: true });
    expect(value('1b1200aa')).toMatchObject({ kind: 'notification', value: Buffer.from([0xaa]) });
    expect(value('1d1200aa')).toMatchObject({ kind: 'notification', confirmed: true });
    expect([value('13'), value('1b12'), value('')]).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ['sent', 0x52, 'peer'],
    ['received', 0x1b, 'peer'],
    ['received', 0x12, 'own'],
    ['sent', 0x1d, 'own'],
    ['received', 0x1e, 'own'],
  ] as const)('a PDU %s with opcode %i belongs to the server of the %s side', (direction, opcode, side) => {
    expect(serverOf(direction, opcode)).toBe(side);
  });

  test('nothing that comes makes it throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 30 }), (all) => {
        const gatt = new GattTrace();
        for (const each of all) gatt.push(Buffer.from(each));
        expect([gatt.services, gatt.characteristics, gatt.descriptors].flat().length).toBeLessThan(2000);
      }),
    );
  });
});
