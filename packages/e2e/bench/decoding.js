// How long the way from bytes to values takes, beside a look at each byte.
import { cellDataJk02_32s, decode, toFrame, toReading } from '@ubmsc/protocol';
import { SessionJudge } from '@ubmsc/session';
import { deviceProfiles, SimulatedDevice } from '@ubmsc/simulator';
import { frames, nanosecondsPerItem, parseInPieces } from './frames.js';
import { measure, printTable, ratios, spread } from './measure.js';

const ROUNDS = 20;

/** @param {Uint8Array} bytes */
function sum(bytes) {
  let total = 0;
  for (let index = 0; index < bytes.length; index++) total += bytes[index] ?? 0;
  return total;
}

/** @param {Uint8Array} bytes */
function verify(bytes) {
  const frame = toFrame(bytes);
  if (typeof frame === 'string') throw new Error(`this is not a frame: ${frame}`);
  return frame;
}

/** @param {Uint8Array} bytes */
function read(bytes) {
  const frame = verify(bytes);
  const source = { variant: /** @type {const} */ ('jk02-32s'), counter: frame.counter, time: 0 };
  return toReading(decode(cellDataJk02_32s, frame), source);
}

/** Records as they come from a battery, two a second under a load that changes each second. */
function session() {
  let now = 0;
  const device = new SimulatedDevice({
    profile: deviceProfiles.JK_B2A20S20P,
    load: 'inverter',
    now: () => now,
  });
  return Array.from({ length: 256 }, () => {
    now += 540;
    return {
      item: { kind: /** @type {const} */ ('frame'), offset: 0, frame: device.cellData(), pauses: [] },
      now,
    };
  });
}

/** @param {ReturnType<typeof session>} records */
function decide(records) {
  const judge = new SessionJudge();
  let accepted = 0;
  for (const { item, now } of records) accepted += judge.observe(item, now, now).accepted.length;
  return accepted;
}

/**
 * How many values an object has; a list counts as many as it has.
 *
 * @param {object} values
 */
function countValues(values) {
  return Object.values(values).reduce((count, value) => count + (Array.isArray(value) ? value.length : 1), 0);
}

export async function benchmarkDecoding() {
  const [first = new Uint8Array()] = frames;
  const { source: _source, ...measurements } = read(first);
  const decoded = countValues(decode(cellDataJk02_32s, verify(first)));
  const measured = countValues(measurements);
  const records = session();
  const times = await measure('decoding', ROUNDS, {
    sum: () => nanosecondsPerItem(frames, sum),
    decode: () => nanosecondsPerItem(frames, (bytes) => decode(cellDataJk02_32s, verify(bytes))),
    read: () => nanosecondsPerItem(frames, read),
    decide: () => nanosecondsPerItem([records], decide) / records.length,
    small: parseInPieces(20),
    large: parseInPieces(150),
  });
  /** @param {'decode' | 'read'} name @param {number} values */
  const perValue = (name, values) => times[name].map((time) => time / values);
  /** @param {'small' | 'large'} name */
  const megabytesPerSecond = (name) => times[name].map((time) => (first.length / time) * 1000);
  /** @param {keyof typeof times} name */
  const beside = (name) => spread(ratios(times[name], times.sum), 1);
  printTable(
    ['Decoding', 'ns per frame', 'ns per value', '× sum of bytes'],
    [
      [`sum of ${first.length} bytes`, spread(times.sum, 0), '', '1'],
      [
        `checksum, decode: ${decoded} values`,
        spread(times.decode, 0),
        spread(perValue('decode', decoded), 1),
        beside('decode'),
      ],
      [
        `checksum, decode, toReading: ${measured} values`,
        spread(times.read, 0),
        spread(perValue('read', measured), 1),
        beside('read'),
      ],
      ['decide: layout, acceptance', spread(times.decide, 0), '', beside('decide')],
    ],
  );
  printTable(
    ['Stream parser', 'ns per frame', 'MB/s', '× sum of bytes'],
    [
      ['pieces of 20 bytes', spread(times.small, 0), spread(megabytesPerSecond('small'), 0), beside('small')],
      [
        'pieces of 150 bytes',
        spread(times.large, 0),
        spread(megabytesPerSecond('large'), 0),
        beside('large'),
      ],
    ],
  );
}
