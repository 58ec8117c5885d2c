import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePacket, H4Decoder, packetLength, parsePacket, type HciPacket } from './h4.ts';
import { HciProtocolError } from './hci-protocol-error.ts';

const octets = (maximum: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength: maximum }).map((bytes) => Buffer.from(bytes));

const packets: fc.Arbitrary<HciPacket> = fc.oneof(
  fc.record({
    type: fc.constant('command' as const),
    opcode: fc.nat(0xffff),
    parameters: octets(255),
  }),
  fc.record({
    type: fc.constant('aclData' as const),
    connectionHandle: fc.nat(0x0eff),
    packetBoundary: fc.nat(3),
    broadcast: fc.nat(3),
    data: octets(300),
  }),
  fc.record({ type: fc.constant('event' as const), eventCode: fc.nat(0xff), parameters: octets(255) }),
);

/** Cuts `bytes` at the given places. */
function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe('an H4 packet', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(parsePacket(encodePacket(packet))).toEqual(packet);
      }),
    );
  });

  test('has the octets of the Core Specification', () => {
    const reset = encodePacket({ type: 'command', opcode: 0x0c03, parameters: Buffer.alloc(0) });
    expect(reset.toString('hex')).toBe('01030c00');
    const data = { type: 'aclData', connectionHandle: 0x0041, packetBoundary: 2, broadcast: 0 } as const;
    expect(encodePacket({ ...data, data: Buffer.from('abcd', 'hex') }).toString('hex')).toBe(
      '0241200200abcd',
    );
    const event = encodePacket({ type: 'event', eventCode: 0x10, parameters: Buffer.from([1]) });
    expect(event.toString('hex')).toBe('04100101');
  });

  test('ends where its length says, whatever lies behind', () => {
    const sloppy = Buffer.from('01030c00ffffffff', 'hex');
    expect(packetLength(sloppy)).toBe(4);
    expect(parsePacket(sloppy)).toEqual({ type: 'command', opcode: 0x0c03, parameters: Buffer.alloc(0) });
  });

  test('that is cut off is refused', () => {
    for (const hex of ['', '01', '01030c', '01030c01', '02410002', '04']) {
      expect(() => parsePacket(Buffer.from(hex, 'hex'))).toThrow(
        expect.objectContaining({ name: 'HciProtocolError', fault: 'truncated packet' }),
      );
    }
  });
});

describe('the decoder', () => {
  test('gives the same packets for any chunking', () => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 8 }), fc.array(fc.nat(4000)), (sent, cuts) => {
        const decoder = new H4Decoder();
        const wire = sent.map((packet) => encodePacket(packet));
        const received = chunked(Buffer.concat(wire), cuts).flatMap((chunk) => [...decoder.push(chunk)]);
        expect(received).toEqual(wire);
        expect(decoder.pending).toBe(0);
      }),
    );
  });

  test('answers garbage with packets or a typed error, and keeps less than one packet', () => {
    fc.assert(
      fc.property(fc.array(octets(600)), (chunks) => {
        const decoder = new H4Decoder(259);
        for (const chunk of chunks) {
          try {
            for (const packet of decoder.push(chunk)) expect(packet.length).toBeLessThanOrEqual(259);
          } catch (error) {
            expect(error).toBeInstanceOf(HciProtocolError);
          }
          expect(decoder.pending).toBeLessThan(259);
        }
      }),
    );
  });

  test('names what is not an indicator', () => {
    expect(() => [...new H4Decoder().push(Buffer.from('0701', 'hex'))]).toThrow(
      expect.objectContaining({ fault: 'unknown packet type', message: expect.stringContaining('0x07') }),
    );
  });

  test('refuses a packet by the length it announces, before it comes', () => {
    const header = Buffer.from('024000ffff', 'hex');
    expect(() => [...new H4Decoder().push(header)]).toThrow(
      expect.objectContaining({ fault: 'packet too long' }),
    );
  });

  test('gives the good packets before a bad one', () => {
    const received: string[] = [];
    const decode = (): void => {
      for (const packet of new H4Decoder().push(Buffer.from('01030c0004100101ff', 'hex'))) {
        received.push(packet.toString('hex'));
      }
    };
    expect(decode).toThrow(HciProtocolError);
    expect(received).toEqual(['01030c00', '04100101']);
  });

  test('keeps a copy of a rest, not the chunk that it came in', () => {
    const decoder = new H4Decoder();
    const chunk = Buffer.from('01030c0001', 'hex');
    expect([...decoder.push(chunk)]).toHaveLength(1);
    chunk.fill(0xff);
    expect([...decoder.push(Buffer.from('030c00', 'hex'))]).toEqual([Buffer.from('01030c00', 'hex')]);
  });
});
