import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden, captureBytes, describeCorpus, fromHex, readCaptures, toHex } from '@ubmsc/testing';
import { FRAME_LENGTH, sum8 } from './frame.ts';
import { acknowledge, encodeRequest, heartbeat } from './request.ts';
import { StreamParser, type StreamItem } from './stream-parser.ts';

const frames = golden.frames.map(({ hex }) => fromHex(hex));
const [cellData = new Uint8Array(0), alarms = new Uint8Array(0)] = frames;

/** The stream in pieces of the given lengths, which repeat. */
function parse(stream: Uint8Array, lengths: readonly number[] = [stream.length]): StreamItem[] {
  const parser = new StreamParser();
  const items: StreamItem[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1);
    items.push(...parser.push(stream.subarray(at, at + length)));
    at += length;
  }
  return [...items, ...parser.end()];
}

const bytes = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const kinds = (items: readonly StreamItem[]): string[] =>
  items.map((item) => (item.kind === 'discarded' ? `${item.reason} ${item.bytes.length}` : item.kind));

describe('the stream parser', () => {
  test('tells records, acknowledges, heartbeats and noise apart, with their offsets', () => {
    const stream = bytes(Uint8Array.of(1, 2), cellData, acknowledge, heartbeat, heartbeat, alarms);
    const items = parse(stream);
    expect(kinds(items)).toEqual(['noise 2', 'frame', 'request', 'heartbeat', 'heartbeat', 'frame']);
    expect(items.map((item) => item.offset)).toEqual([0, 2, 302, 322, 326, 330]);
  });

  test('accepts a heartbeat glued to a header and two records in one notification', () => {
    expect(kinds(parse(bytes(heartbeat, cellData, alarms), [604]))).toEqual(['heartbeat', 'frame', 'frame']);
  });

  test('finds the record after one that was cut off', () => {
    const items = parse(bytes(cellData.subarray(0, 170), alarms));
    expect(kinds(items)).toEqual(['checksum 170', 'frame']);
    expect(items[1]?.offset).toBe(170);
  });

  test('gives out no record within which another one begins, even when its checksum fits', () => {
    const spliced = cellData.slice();
    spliced.set(alarms.subarray(0, 200), 100);
    spliced[299] = sum8(spliced, 0, 299);
    expect(kinds(parse(bytes(spliced, alarms)))).toEqual(['spliced 100', 'checksum 200', 'frame']);
  });

  test('gives up on a record of an unknown type at once, not 300 bytes later', () => {
    const parser = new StreamParser();
    expect(parser.push(Uint8Array.of(0x55, 0xaa, 0xeb, 0x90, 0x04, 0x00))).toEqual([]);
    expect(parser.pending).toBe(0);
  });

  test('waits for no more than the next byte while a prefix is incomplete', () => {
    const noise = parse(Uint8Array.of(0xaa, 0x00), [1]);
    expect(kinds(noise)).toEqual(['noise 2']);

    const parser = new StreamParser();
    expect(parser.push(heartbeat.subarray(0, 1))).toEqual([]);
    expect(parser.missing).toBe(1);
    expect(kinds(parser.push(heartbeat.subarray(1)))).toEqual(['heartbeat']);
  });

  test('reports an echo of what was written by its command and value', () => {
    expect(parse(encodeRequest(0x97))).toEqual([
      { kind: 'request', offset: 0, command: 0x97, value: new Uint8Array(0) },
    ]);
  });

  test('reports a record that never became complete when the stream ends', () => {
    expect(kinds(parse(cellData.subarray(0, 299)))).toEqual(['truncated 299']);
  });

  test('goes on with the next stream after it was ended', () => {
    const parser = new StreamParser();
    parser.push(cellData.subarray(0, 100));
    parser.end();
    expect(kinds(parser.push(alarms))).toEqual(['frame']);
  });

  test('gives the same items for every chunk size', () => {
    const stream = bytes(
      cellData.subarray(200),
      ...frames,
      acknowledge,
      heartbeat,
      cellData.subarray(0, 33),
      heartbeat,
      alarms,
      Uint8Array.of(0x55, 0xaa, 0xaa, 0x55, 0x90, 0x41, 0x54),
      cellData,
    );
    const whole = parse(stream);
    expect(kinds(whole).filter((kind) => kind === 'frame')).toHaveLength(frames.length + 2);
    for (let size = 1; size <= stream.length; size++) {
      if (!isDeepStrictEqual(parse(stream, [size]), whole))
        expect.unreachable(`chunks of ${size} bytes differ`);
    }
  });

  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.constantFrom(...frames, acknowledge, heartbeat),
    fc
      .tuple(fc.constantFrom(...frames), fc.nat(FRAME_LENGTH))
      .map(([frame, length]) => frame.subarray(0, length)),
    fc.tuple(fc.constantFrom(...frames), fc.nat(FRAME_LENGTH - 1), fc.nat(255)).map(([frame, at, byte]) => {
      const damaged = frame.slice();
      damaged[at] = byte;
      return damaged;
    }),
  );
  const streams = fc.array(piece, { maxLength: 12 }).map((parts) => bytes(...parts));
  const lengths = fc.array(fc.integer({ min: 1, max: 260 }), { minLength: 1, maxLength: 8 });

  test('gives the same items however the stream is cut', () => {
    fc.assert(
      fc.property(streams, lengths, (stream, cuts) => {
        expect(parse(stream, cuts)).toEqual(parse(stream));
      }),
    );
  });

  test('accounts for every byte exactly once and in order', () => {
    fc.assert(
      fc.property(streams, lengths, (stream, cuts) => {
        let offset = 0;
        for (const item of parse(stream, cuts)) {
          expect(item.offset).toBe(offset);
          const length = { frame: FRAME_LENGTH, request: 20, heartbeat: 4 };
          offset += item.kind === 'discarded' ? item.bytes.length : length[item.kind];
        }
        expect(offset).toBe(stream.length);
      }),
    );
  });

  test('emits no frame whose checksum is wrong', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        for (const item of parse(stream)) {
          if (item.kind === 'frame') expect(sum8(item.frame.bytes, 0, 299)).toBe(item.frame.bytes[299]);
        }
      }),
    );
  });

  test('delivers the good record after any bytes that do not look like one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), lengths, (noise, cuts) => {
        fc.pre(!Buffer.from(noise).includes(0x55) && !Buffer.from(noise).includes(0xaa));
        const items = parse(bytes(noise, cellData), cuts).filter((item) => item.kind === 'frame');
        expect(items.map((item) => toHex(item.frame.bytes))).toEqual([toHex(cellData)]);
      }),
    );
  });
});

describeCorpus('real captures', () => {
  test('give the frames that the capture lists, as received and byte by byte', () => {
    for (const capture of readCaptures('captures.json')) {
      const listed = capture.frames.filter((frame) => frame.checksum_ok).map((frame) => frame.offset);
      const parser = new StreamParser();
      const received = capture.notifications.flatMap((hex) => parser.push(fromHex(hex)));
      const found = (items: StreamItem[]): number[] =>
        items.filter((item) => item.kind === 'frame').map((item) => item.offset);
      expect(found([...received, ...parser.end()]), capture.id).toEqual(listed);
      expect(found(parse(captureBytes(capture), [1])), capture.id).toEqual(listed);
    }
  });
});
