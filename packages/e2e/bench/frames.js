// Frames to measure with, and how long work on them takes.
import { StreamParser } from '@ubmsc/protocol';
import { deviceProfiles, SimulatedDevice } from '@ubmsc/simulator';

/** How long one sample takes, in milliseconds: long enough for the clock, short enough for many rounds. */
const SAMPLE_TIME = 50;

/** A simulated battery without heartbeats: what it sends is frames only. */
export const profile = deviceProfiles.JK_B2A20S20P;

const device = new SimulatedDevice({ profile });

/** Cell frames that differ, as those of a battery do: one every ten minutes. */
export const frames = Array.from({ length: 64 }, () => {
  device.model.advance(600);
  return device.cellData().bytes;
});

/**
 * The bytes in pieces of `size`, as notifications bring them; the last one may be shorter.
 *
 * @param {Uint8Array} bytes
 * @param {number} size
 */
export function cut(bytes, size) {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

/** The last result: what is kept, no compiler can leave out. */
export let kept = /** @type {unknown} */ (undefined);

/**
 * Does `work` on all items again and again, and returns the nanoseconds of processor time that it took for each: on a
 * busy machine the clock also counts the time of others.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => unknown} work
 */
export function nanosecondsPerItem(items, work) {
  let count = 0;
  const before = process.cpuUsage();
  const end = performance.now() + SAMPLE_TIME;
  do {
    for (const item of items) kept = work(item);
    count += items.length;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / count;
}

/**
 * Parses frames that come in pieces of `size` bytes.
 *
 * @param {number} size
 * @returns what gives one sample: nanoseconds per frame
 */
export function parseInPieces(size) {
  const parser = new StreamParser();
  const pieces = frames.map((bytes) => cut(bytes, size));
  return () =>
    nanosecondsPerItem(pieces, (frame) => {
      let items = 0;
      for (const piece of frame) items += parser.push(piece).length;
      if (items !== 1) throw new Error(`the parser found ${items} items in one frame`);
      return items;
    });
}
