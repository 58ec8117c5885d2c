// How long the way from bytes to values takes, beside a look at each byte.
import {
  cellDataJk02_32s,
  decode,
  decodeReading,
  NotificationParser,
  StreamParser,
  toFrame,
  VariantDetector,
} from '@ubmsc/protocol';
import { SessionJudge } from '@ubmsc/session';
import { deviceProfiles, SimulatedDevice } from '@ubmsc/simulator';
import { cut, frames, nanosecondsPerItem, parseInPieces } from './frames.js';
import { measure, printTable, ratios, spread } from './measure.js';

const ROUNDS = 20;

const NO_BYTES = new Uint8Array();

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
  return decodeReading(verify(bytes), 'jk02-32s', 0);
}

/**
 * From a stream that comes in pieces to readings whose layout the records themselves tell.
 *
 * @param {number} size
 */
function readStream(size) {
  const pieces = frames.map((bytes) => cut(bytes, size));
  const parser = new StreamParser();
  const detector = new VariantDetector();
  return () =>
    nanosecondsPerItem(pieces, (record) => {
      let reading;
      for (const piece of record)
        for (const item of parser.push(piece)) {
          const variant = item.kind === 'frame' ? detector.observe(item.frame) : undefined;
          if (item.kind === 'frame' && variant) reading = decodeReading(item.frame, variant, 0);
        }
      if (!reading) throw new Error('a record gave no reading');
      return reading;
    });
}

/**
 * The same, as a link does it: notifications with their times, and only what is accepted.
 *
 * @param {ReturnType<typeof session>} records
 * @param {number} size
 */
function readSession(records, size) {
  const pieces = records.map(({ item, now }) => ({ now, notifications: cut(item.frame.bytes, size) }));
  return () =>
    nanosecondsPerItem([pieces], () => {
      const parser = new NotificationParser();
      const judge = new SessionJudge();
      let readings = 0;
      for (const { now, notifications } of pieces)
        for (let index = 0; index < notifications.length; index++)
          for (const item of parser.push(notifications[index] ?? NO_BYTES, now + 5 * index)) {
            if (item.kind !== 'frame') continue;
            for (const { frame, variant, doubt } of judge.observe(item, now, now).accepted)
              if (decodeReading(frame, variant, now, doubt).cellVoltage.length > 0) readings++;
          }
      if (readings < pieces.length - 1) throw new Error(`${readings} of ${pieces.length} are accepted`);
      return readings;
    }) / records.length;
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
    streamSmall: readStream(20),
    streamLarge: readStream(150),
    sessionSmall: readSession(records, 20),
    sessionLarge: readSession(records, 150),
  });
  /** @param {'decode' | 'read'} name @param {number} values */
  const perValue = (name, values) => times[name].map((time) => time / values);
  /** @param {readonly number[]} samples */
  const perMeasured = (samples) => samples.map((time) => time / measured);
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
        `checksum, reading: ${measured} values`,
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
  /** @param {string} label @param {'streamSmall' | 'streamLarge' | 'sessionSmall' | 'sessionLarge'} name */
  const row = (label, name) => [
    label,
    spread(times[name], 0),
    spread(perMeasured(times[name]), 1),
    beside(name),
  ];
  printTable(
    ['From stream to reading (aim: 1500 ns)', 'ns per record', 'ns per value', '× sum of bytes'],
    [
      row('pieces of 20 bytes, layout told', 'streamSmall'),
      row('pieces of 150 bytes, layout told', 'streamLarge'),
      row('notifications of 20 bytes, accepted', 'sessionSmall'),
      row('notifications of 150 bytes, accepted', 'sessionLarge'),
    ],
  );
}
