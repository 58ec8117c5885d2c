import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent, parseEvent, type HciEvent } from './events.ts';
import { parsePacket } from './h4.ts';

const octet = fc.nat(0xff);
const word = fc.nat(0xffff);
const bytes = (length: { minLength?: number; maxLength: number }): fc.Arbitrary<Buffer> =>
  fc.uint8Array(length).map((octets) => Buffer.from(octets));
const address = fc
  .array(octet, { minLength: 6, maxLength: 6 })
  .map((octets) => octets.map((each) => each.toString(16).toUpperCase().padStart(2, '0')).join(':'));
const device = fc.record({ type: fc.nat(1), address });
const parameters = { interval: word, latency: word, supervisionTimeout: word };
const handled = { status: octet, connectionHandle: word };

const events: fc.Arbitrary<HciEvent> = fc.oneof(
  fc.record({ event: fc.constant('disconnectionComplete' as const), ...handled, reason: octet }),
  fc.record({
    event: fc.constant('readRemoteVersionInformationComplete' as const),
    ...handled,
    version: octet,
    companyIdentifier: word,
    subversion: word,
  }),
  fc.record({
    event: fc.constant('commandComplete' as const),
    opcode: word,
    returnParameters: bytes({ maxLength: 64 }),
  }),
  fc.record({ event: fc.constant('commandStatus' as const), status: octet, opcode: word }),
  fc.record({ event: fc.constant('hardwareError' as const), hardwareCode: octet }),
  fc.record({
    event: fc.constant('numberOfCompletedPackets' as const),
    connectionHandle: word,
    completedPackets: word,
  }),
  fc.record({
    event: fc.constant('leConnectionComplete' as const),
    ...handled,
    role: fc.nat(1),
    peer: device,
    ...parameters,
  }),
  fc.record({
    event: fc.constant('leAdvertisingReport' as const),
    eventType: fc.nat(4),
    advertiser: device,
    data: bytes({ maxLength: 31 }),
    rssi: fc.integer({ min: -127, max: 20 }),
  }),
  fc.record({ event: fc.constant('leConnectionUpdateComplete' as const), ...handled, ...parameters }),
  fc.record({
    event: fc.constant('leReadRemoteFeaturesComplete' as const),
    ...handled,
    leFeatures: bytes({ minLength: 8, maxLength: 8 }),
  }),
);

test('every event is read as it was written', () => {
  fc.assert(
    fc.property(events, (event) => {
      expect(parseEvent(parsePacket(encodeEvent(event)))).toEqual(event);
    }),
  );
});

test.each<[string, HciEvent]>([
  ['04050400 4000 13', { event: 'disconnectionComplete', status: 0, connectionHandle: 0x40, reason: 0x13 }],
  ['040e0401 030c 00', { event: 'commandComplete', opcode: 0x0c03, returnParameters: Buffer.from([0]) }],
  ['040f040c 01 0d20', { event: 'commandStatus', status: 0x0c, opcode: 0x200d }],
  ['0413050140000100', { event: 'numberOfCompletedPackets', connectionHandle: 0x40, completedPackets: 1 }],
  [
    '043e 0f 02 01 00 00 010000 8c47c8 03 020106 c4',
    {
      event: 'leAdvertisingReport',
      eventType: 0,
      advertiser: { type: 0, address: 'C8:47:8C:00:00:01' },
      data: Buffer.from('020106', 'hex'),
      rssi: -60,
    },
  ],
  [
    '043e 13 01 00 4000 01 00 010000000002 1200 0000 2a00 00',
    {
      event: 'leConnectionComplete',
      status: 0,
      connectionHandle: 0x40,
      role: 1,
      peer: { type: 0, address: '02:00:00:00:00:01' },
      interval: 0x12,
      latency: 0,
      supervisionTimeout: 0x2a,
    },
  ],
])('%s has the octets of the Core Specification', (hex, event) => {
  expect(encodeEvent(event).toString('hex')).toBe(hex.replaceAll(' ', ''));
});

test('an event that a virtual controller never sends is read as none', () => {
  expect(parseEvent({ type: 'event', eventCode: 0xff, parameters: Buffer.alloc(4) })).toBeUndefined();
  expect(parseEvent({ type: 'event', eventCode: 0x3e, parameters: Buffer.from([0x7f]) })).toBeUndefined();
});
