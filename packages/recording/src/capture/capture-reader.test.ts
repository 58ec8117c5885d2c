import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TestPacket } from '@ubmsc/testing';
import { captureForms } from '../../test/captures.ts';
import { CaptureReader, isCapture } from './capture-reader.ts';
import type { CapturedPacket } from './captured-packet.ts';

const forms = Object.entries(captureForms);

/** 2025-03-04 05:06:07 UTC. */
const start = 1_741_064_767_000;

const packet: fc.Arbitrary<TestPacket> = fc
  .record({
    kind: fc.constantFrom('command', 'event', 'sent', 'received'),
    body: fc.uint8Array({ maxLength: 300 }),
    microseconds: fc.integer({ min: 0, max: 10_000_000 }),
  })
  .map(({ kind, body, microseconds }) => ({
    packet: Buffer.from([kind === 'command' ? 1 : kind === 'event' ? 4 : 2, ...body]),
    direction: kind === 'command' || kind === 'sent' ? 'sent' : 'received',
    time: start + microseconds / 1000,
  }));

function read(file: Buffer, size: number): { packets: CapturedPacket[]; cutOff: number } {
  const reader = new CaptureReader();
  const packets: CapturedPacket[] = [];
  for (let at = 0; at < file.length; at += size) {
    for (const each of reader.push(file.subarray(at, at + size))) {
      packets.push({ ...each, body: Buffer.from(each.body) });
    }
  }
  return { packets, cutOff: reader.end() };
}

const example: TestPacket[] = [
  { packet: Buffer.from('01030c00', 'hex'), direction: 'sent', time: start },
  { packet: Buffer.from('040e0401030c00', 'hex'), direction: 'received', time: start + 1.5 },
  { packet: Buffer.from('020100050001000400ff', 'hex'), direction: 'sent', time: start + 2.125 },
];

describe.each(forms)('%s', (name, make) => {
  test('gives the same packets, however the file is cut', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 20 }), fc.integer({ min: 1, max: 2000 }), (packets, size) => {
        const file = make(packets);
        const found = read(file, size);
        expect(found.cutOff).toBe(0);
        expect(found.packets).toHaveLength(packets.length);
        packets.forEach((wanted, index) => {
          const got = found.packets[index];
          expect(got?.indicator).toBe(wanted.packet[0]);
          expect(got?.body).toEqual(wanted.packet.subarray(1));
          expect(got?.time).toBeCloseTo(wanted.time, 3);
          const isUntold = name.startsWith('pcap, H4,') && wanted.packet[0] === 2;
          expect(got?.direction).toBe(isUntold ? undefined : wanted.direction);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('is told by its first bytes', () => {
    expect(isCapture(make([]).subarray(0, 8))).toBe(true);
  });

  test('cut off anywhere, gives the packets that are whole, and says how much is left', () => {
    const file = make(example);
    const ends = example.map((_, index) => make(example.slice(0, index + 1)).length);
    const header = make([]).length;
    for (let length = header; length < file.length; length++) {
      const { packets, cutOff } = read(file.subarray(0, length), 7);
      const whole = ends.filter((end) => end <= length);
      expect(packets).toHaveLength(whole.length);
      expect(cutOff).toBe(length - (whole.at(-1) ?? header));
    }
  });

  test('with a length that cannot be, says where', () => {
    const file = make(example);
    const second = make(example.slice(0, 1)).length;
    // Every format has a length in the first 16 octets of a record.
    const inBlock = name.startsWith('pcapng') ? 4 : name.startsWith('pcap') ? 8 : 4;
    file.fill(0xff, second + inBlock, second + inBlock + 4);
    const packets = new CaptureReader().push(file);
    expect(packets.next().done).toBe(false);
    expect(() => packets.next()).toThrow(expect.objectContaining({ offset: second }));
  });
});

test.each([
  ['a file of another kind', Buffer.from('SQLite format 3\0'), 'this is not a capture'],
  ['an empty file', Buffer.alloc(0), 'there are no bytes in it, at offset 0'],
  ['half a header', Buffer.from('btsnoop\0\0\0', 'latin1'), 'it ends within its header, at offset 10'],
  ['another version', Buffer.from('btsnoop\0\0\0\0\u0002\0\0\u0003\u00ea', 'latin1'), 'has version 1, not 2'],
  ['another link type', Buffer.from('btsnoop\0\0\0\0\u0001\0\0\u0003\u00ec', 'latin1'), 'link type 1004'],
])('%s is refused with the reason', (_, file, message) => {
  expect(() => read(file, 1000)).toThrow(message);
});

test('pcapng without an interface that has HCI packets is refused with its link types', () => {
  const file = captureForms['pcapng, H4, little-endian']([]);
  // The description of the second interface says 187: make it 147.
  file.writeUInt16LE(147, file.indexOf(Buffer.from([187, 0, 0, 0])));
  expect(() => read(file, 1000)).toThrow('pcapng with link type 1, 147 holds no HCI packets');
});

test.each([
  ['btsnoop, H4', 0, 'BE'],
  ['pcap, H4, little-endian', 12, 'LE'],
  ['pcapng, H4, little-endian', 24, 'LE'],
] as const)('%s: a packet of which only a part was captured is counted and left out', (form, at, order) => {
  const file = captureForms[form](example);
  const first = captureForms[form]([]).length;
  // Its length on the air.
  if (order === 'BE') file.writeUInt32BE(1000, first + at);
  else file.writeUInt32LE(1000, first + at);
  const reader = new CaptureReader();
  expect(Array.from(reader.push(file))).toHaveLength(2);
  expect(reader.truncated).toBe(1);
});

test('blocks that are not read may be of any length, and are not kept', () => {
  const order = captureForms['pcapng, H4, little-endian'](example);
  const custom = Buffer.alloc(1_000_000);
  custom.writeUInt32LE(0xbad, 0);
  custom.writeUInt32LE(custom.length, 4);
  const header = captureForms['pcapng, H4, little-endian']([]).length;
  const file = Buffer.concat([order.subarray(0, header), custom, order.subarray(header)]);
  expect(read(file, 4096).packets).toHaveLength(3);
});
