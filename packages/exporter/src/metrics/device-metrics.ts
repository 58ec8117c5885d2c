import {
  liveReading,
  questions,
  readingAge,
  recoveryRungs,
  rules,
  sessionReasons,
  sessionStates,
  type BatteryStatus,
} from '@ubmsc/session';
import { measurements, snakeCase, type Measurement } from '@ubmsc/protocol';
import type { DeviceLines } from './device-lines.ts';
import type { Family } from './family.ts';
import { labelValue } from './labels.ts';
import { Lines, type Labels } from './lines.ts';

/** What is told of each device besides its measurements. */
interface DeviceMetric {
  readonly name: string;
  readonly help: string;
  readonly type: Family['type'];
  /** The label that tells its series apart, and every word that it can have: each has a series from the start. */
  readonly words?: { readonly label: string; readonly of: Readonly<Record<string, unknown>> };
  /** The value at a time of the source's clock, of one word where there are several; undefined where there is none. */
  readonly value: (status: BatteryStatus, now: number, word: string) => number | undefined;
}

/** A word for each key of a table. Its rows stay out of the type: declarations cannot name what they are made of. */
function wordsOf(label: string, of: Readonly<Record<string, unknown>>): NonNullable<DeviceMetric['words']> {
  return { label, of };
}

/**
 * The metrics of each device besides its measurements. They begin with `ubmsc_` whatever the prefix of measurements
 * is: their names tell nothing without it.
 */
export const deviceMetrics = {
  up: {
    name: 'ubmsc_device_up',
    help: '1 while the latest reading of the device is fresh, 0 when there is none',
    type: 'gauge',
    value: (status, now) => (liveReading(status, now) ? 1 : 0),
  },
  state: {
    name: 'ubmsc_device_state',
    help: 'Where the session with the device stands: 1 for the state that it is in, streaming when all is well',
    type: 'gauge',
    words: wordsOf('state', sessionStates),
    value: ({ state }, _, word) => Number(state === word),
  },
  readingAge: {
    name: 'ubmsc_device_reading_age_seconds',
    help: 'Time since the latest reading of the device, also when that is no longer shown',
    type: 'gauge',
    value: (status, now) => seconds(readingAge(status, now)),
  },
  rssi: {
    name: 'ubmsc_device_rssi_dbm',
    help: 'Received signal strength of the device, dBm',
    type: 'gauge',
    value: (status, now) => (liveReading(status, now) ? status.rssi : undefined),
  },
  frames: {
    name: 'ubmsc_device_frames_total',
    help: 'Records of the device that were accepted',
    type: 'counter',
    value: ({ counters }) => counters.frames,
  },
  checksumErrors: {
    name: 'ubmsc_device_checksum_errors_total',
    help: 'Records of the device with a wrong checksum',
    type: 'counter',
    value: ({ counters }) => counters.checksumErrors,
  },
  rejected: {
    name: 'ubmsc_device_rejected_frames_total',
    help: 'Records of the device with a right checksum that were refused, by reason',
    type: 'counter',
    words: wordsOf('reason', rules),
    value: ({ counters }, _, word) => count(counters.rejected, word),
  },
  doubted: {
    name: 'ubmsc_device_doubtful_frames_total',
    help: 'Records of the device that were accepted although something speaks against them, by reason',
    type: 'counter',
    words: wordsOf('reason', questions),
    value: ({ counters }, _, word) => count(counters.doubted, word),
  },
  connects: {
    name: 'ubmsc_device_connects_total',
    help: 'Links to the device that were made',
    type: 'counter',
    value: ({ counters }) => counters.connects,
  },
  losses: {
    name: 'ubmsc_device_link_losses_total',
    help: 'Links to the device that were lost or could not be made, by reason; each is followed by a new attempt',
    type: 'counter',
    words: wordsOf('reason', sessionReasons),
    value: ({ counters }, _, word) => count(counters.losses, word),
  },
  recoveries: {
    name: 'ubmsc_device_recoveries_total',
    help: 'What was done to bring the device back, by what it was',
    type: 'counter',
    words: wordsOf('action', recoveryRungs),
    value: ({ counters }, _, word) => count(counters.recoveries, word),
  },
  connectedTime: {
    name: 'ubmsc_device_connected_seconds_total',
    help: 'Time with a link to the device',
    type: 'counter',
    value: ({ counters }) => counters.connectedSeconds,
  },
} as const satisfies Readonly<Record<string, DeviceMetric>>;

const rows = Object.values<DeviceMetric>(deviceMetrics).map(({ words, ...metric }) => ({
  ...metric,
  label: words?.label ?? '',
  words: words && Object.keys(words.of),
}));

/** A device with what is on the page of it. */
export interface Device {
  readonly lines: DeviceLines;
  readonly status: BatteryStatus;
}

/** What is told of devices besides their measurements, at a time of their source's clock. */
export function deviceFamilies(devices: readonly Device[], now: number): readonly Family[] {
  const families = rows.map(({ name, help, type, label, words, value }): Family => {
    const linesOf = ({ lines, status }: Device): Lines =>
      words
        ? lines.words(name, label, words).set(words.length, (index) => value(status, now, words[index] ?? ''))
        : lines.alone(name).set(1, () => value(status, now, ''));
    return { name, help, type, lines: devices.map(linesOf) };
  });
  return [...families, infoFamily(devices, now)];
}

function count(counts: Readonly<Record<string, number>>, word: string): number {
  return counts[word] ?? 0;
}

/** What a device reports in words that are not secret, by the names of labels. */
const infoTexts = Object.entries<Measurement>(measurements.deviceInfo).flatMap(([name, { kind, secret }]) =>
  kind === 'text' && !secret ? [[name, snakeCase(name).replace(/^device_/, '')] as const] : [],
);

/** A device is told of while its reading is fresh: another one may have its address by then. */
function infoFamily(devices: readonly Device[], now: number): Family {
  return {
    name: 'ubmsc_device_info',
    help: 'What the device reports, and how it is reached; always 1',
    type: 'gauge',
    lines: devices
      .filter(({ status }) => liveReading(status, now))
      .map(({ lines, status }) => infoLine(lines, status)),
  };
}

/** What the page before said of a device: it is the same as long as the link lasts. */
const infoBefore = new WeakMap<DeviceLines, readonly [status: BatteryStatus, line: Lines]>();

function infoLine(device: DeviceLines, status: BatteryStatus): Lines {
  const [before, line] = infoBefore.get(device) ?? [];
  const isSame = (['address', 'adapter', 'simulated', 'deviceInfo'] as const).every(
    (name) => before?.[name] === status[name],
  );
  if (line && isSame) return line;
  const labels = infoLabels(device, status);
  const made = new Lines('ubmsc_device_info', () => labels).set(1, () => 1);
  infoBefore.set(device, [status, made]);
  return made;
}

function infoLabels(
  { device }: DeviceLines,
  { address, adapter, simulated, deviceInfo }: BatteryStatus,
): Labels {
  const said: Readonly<Record<string, unknown>> = deviceInfo ?? {};
  const values = {
    address: address ?? '',
    adapter,
    simulated: String(simulated),
    ...Object.fromEntries(infoTexts.map(([name, label]) => [label, textOf(said[name])])),
  };
  const safe = Object.entries(values).map(([label, value]) => [label, labelValue(value)] as const);
  return { device, ...Object.fromEntries(safe) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
