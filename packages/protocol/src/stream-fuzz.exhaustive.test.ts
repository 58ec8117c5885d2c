import fc from 'fast-check';
import { expect, test } from 'vitest';
import { damages, fromHex, golden, randomFrom, times, type Choose } from '@ubmsc/testing';
import { CHECKSUM_OFFSET, FRAME_LENGTH, sum8 } from './frame.ts';
import { decode } from './layout.ts';
import { layouts } from './layouts/index.ts';
import { acknowledge, heartbeat } from './request.ts';
import { StreamParser, type StreamItem } from './stream-parser.ts';
import { judge } from './variant.ts';

const COUNT = times(5000, 1_000_000);

const frames = golden.frames.map(({ hex }) => fromHex(hex));
const kinds = Object.values(damages).map(({ damage }) => damage);
const pick = <T>(list: readonly T[], random: Choose, otherwise: T): T =>
  list[random(list.length)] ?? otherwise;

/** Two records, the first of which is damaged. */
function damaged(frame: Uint8Array, next: Uint8Array, random: Choose): Uint8Array {
  const kind = kinds[random(kinds.length)];
  const pieces = kind?.({ bytes: frame, times: [] }, { bytes: next, times: [] }, random, []) ?? [];
  return Uint8Array.from(Buffer.concat(pieces.map(({ bytes }) => bytes)));
}

/** One piece of a stream: noise, a whole message, a damaged record, or a part of one. */
function piece(random: Choose): Uint8Array {
  const frame = pick(frames, random, heartbeat);
  switch (random(6)) {
    case 0:
      return Uint8Array.from({ length: random(40) }, () => random(256));
    case 1:
      return pick([acknowledge, heartbeat], random, heartbeat);
    case 2:
      return frame;
    case 3:
      return frame.subarray(random(FRAME_LENGTH), random(FRAME_LENGTH));
    default:
      return damaged(frame, pick(frames, random, frame), random);
  }
}

const lengths = { frame: FRAME_LENGTH, request: acknowledge.length, heartbeat: heartbeat.length };

function check(item: StreamItem): number {
  if (item.kind === 'discarded') return item.bytes.length;
  if (item.kind !== 'frame') return lengths[item.kind];
  const { bytes, record } = item.frame;
  if (sum8(bytes, 0, CHECKSUM_OFFSET) !== bytes[CHECKSUM_OFFSET])
    throw new Error('a frame with a wrong checksum');
  for (const variant of judge(item.frame).candidates) {
    const layout = Object.values(layouts[variant]).find((each) => each.record === record);
    if (layout) decode(layout, item.frame);
  }
  return FRAME_LENGTH;
}

test(
  `${COUNT} random and damaged streams: nothing throws, every byte is accounted for, memory is bounded`,
  { timeout: 3_600_000 },
  () => {
    const parser = new StreamParser();
    const before = process.memoryUsage().heapUsed;
    let frameCount = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = randomFrom(seed);
        let sent = 0;
        let seen = 0;
        const take = (items: readonly StreamItem[]): void => {
          for (const item of items) {
            seen += check(item);
            if (item.kind === 'frame') frameCount++;
          }
        };
        for (let count = 1 + random(3); count > 0; count--) {
          const bytes = piece(random);
          sent += bytes.length;
          const cut = random(bytes.length + 1);
          take(parser.push(bytes.subarray(0, cut)));
          take(parser.push(bytes.subarray(cut)));
          if (parser.pending >= FRAME_LENGTH) throw new Error('a complete record was kept back');
        }
        take(parser.end());
        if (seen !== sent) throw new Error(`${seen} of ${sent} bytes accounted for`);
      }),
      { numRuns: COUNT },
    );
    const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    console.log(
      `${COUNT} streams, ${frameCount} frames found in them, heap grown by ${grown.toFixed(1)} MiB`,
    );
    expect(grown).toBeLessThan(64);
  },
);
