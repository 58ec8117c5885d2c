import { Cadence } from './cadence.ts';
import type { ReceivedFrame } from './session-judge.ts';
import type { DeviceInfo, Frame, MeasurementValues, Reading } from '@ubmsc/protocol';
import type { SessionReason } from './session-reasons.ts';

/**
 * Where a session with a battery stands, with what a person calls it. In this order a session comes to life; every
 * later row is a way in which it fails or ends.
 */
export const sessionStates = {
  waiting: 'waiting',
  searching: 'searching',
  heard: 'heard',
  connecting: 'connecting',
  discovering: 'discovering services',
  subscribing: 'subscribing',
  identifying: 'identifying',
  streaming: 'live',
  /** No cell data for a while: it was asked again. */
  quiet: 'quiet',
  /** Asked twice and still silent, or what it sends does not move. */
  mute: 'mute',
  /** The link is gone, or could not be made; it is tried again after a pause. */
  lost: 'lost',
  /** What answers cannot be understood; it is tried again after a long pause. */
  refused: 'refused',
  closed: 'closed',
} as const satisfies Readonly<Record<string, string>>;

/** What a session does. */
export type SessionState = keyof typeof sessionStates;

/**
 * What is tried to bring a battery back, from the gentlest to the hardest, with what a person calls it. Each is tried
 * when the one before has not helped.
 */
export const recoveryRungs = {
  askAgain: 'asked again',
  reconnect: 'connected again',
  rescan: 'scan started again',
  reopenAdapter: 'adapter opened again',
  resetAdapter: 'adapter reset',
} as const satisfies Readonly<Record<string, string>>;

/** What was tried to get a battery back. */
export type RecoveryRung = keyof typeof recoveryRungs;

/** What has happened with a battery since the program began; every number only grows. */
export interface SessionCounters {
  /** Records that were accepted. */
  readonly frames: number;
  /** Records with a wrong checksum. */
  readonly checksumErrors: number;
  /** Records with a right checksum that were refused, by the rule of acceptance. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Records that were accepted although something speaks against them, by the rule of acceptance. */
  readonly doubted: Readonly<Record<string, number>>;
  /** Links that were made. */
  readonly connects: number;
  /** Links that were lost or could not be made, by reason. */
  readonly losses: Readonly<Partial<Record<SessionReason, number>>>;
  /** How often each rung of the recovery was tried. */
  readonly recoveries: Readonly<Partial<Record<RecoveryRung, number>>>;
  /** Total time with a link, in seconds. */
  readonly connectedSeconds: number;
}

/** Nothing has happened yet. */
export const noCounters: SessionCounters = {
  frames: 0,
  checksumErrors: 0,
  rejected: {},
  doubted: {},
  connects: 0,
  losses: {},
  recoveries: {},
  connectedSeconds: 0,
};

/** What is known of one battery at one moment. */
export interface BatteryStatus {
  /** Name or address that the user asked for, or under which it was found: the label of every output. */
  readonly device: string;
  /** Address, such as `C8:47:80:00:00:01`, once it is known. */
  readonly address: string | undefined;
  /** Name that it advertises, once that is known. */
  readonly name: string | undefined;
  /** Name of the adapter, such as `hci0`. */
  readonly adapter: string;
  readonly simulated: boolean;
  readonly state: SessionState;
  /** Why it is in this state, where that needs one. */
  readonly reason: SessionReason | undefined;
  /** The same as a sentence for people, with the next step. */
  readonly message: string | undefined;
  /** When it came into this state, by the source's clock. */
  readonly since: number;
  /** Received signal strength in dBm, where it is known. */
  readonly rssi: number | undefined;
  readonly deviceInfo: DeviceInfo | undefined;
  /** The latest record of its settings, once one came. */
  readonly settings?: Pick<ReceivedFrame, 'frame' | 'variant'> | undefined;
  /** The latest reading, however old; see {@link liveReading}. */
  readonly reading: Reading | undefined;
  /** The frame that the reading is from. */
  readonly frame: Frame | undefined;
  /** When the reading came, by the source's clock. */
  readonly readingTime: number | undefined;
  /** After this age the reading is stale, in milliseconds: three times the seen cadence, at least 10 s. */
  readonly staleAfter: number;
  readonly counters: SessionCounters;
  /** What was added up from its readings, where that is done. It is true however old the reading is. */
  readonly energy?: EnergyTotals | undefined;
  /** Set when this is a bank of batteries. */
  readonly bank?: BankValues | undefined;
}

/** A battery of which nothing is known but what is given. */
export function newStatus(
  given: Pick<BatteryStatus, 'device' | 'adapter' | 'simulated'> & Partial<BatteryStatus>,
): BatteryStatus {
  return {
    address: undefined,
    name: undefined,
    state: 'waiting',
    reason: undefined,
    message: undefined,
    since: 0,
    rssi: undefined,
    deviceInfo: undefined,
    reading: undefined,
    frame: undefined,
    readingTime: undefined,
    staleAfter: new Cadence().staleAfter,
    counters: noCounters,
    ...given,
  };
}

/** Energy in kWh and charge in A·h, both ways, since metering began. */
export type EnergyTotals = MeasurementValues<'energy'>;

/** What is known of a bank besides the measurements of a battery. */
export type BankValues = MeasurementValues<'bank'>;

/** Something that has happened to a battery. `time` is that of the wall clock, in milliseconds since 1970-01-01 UTC. */
export type BatteryEvent =
  | {
      readonly kind: 'state';
      readonly time: number;
      readonly from: SessionState;
      /** The status with the new state, its reason and message. */
      readonly status: BatteryStatus;
    }
  | {
      readonly kind: 'reading';
      readonly time: number;
      readonly status: BatteryStatus;
      readonly reading: Reading;
    }
  | { readonly kind: 'deviceInfo'; readonly time: number; readonly status: BatteryStatus };

/** Batteries that are watched: what every output that goes on for long shows. */
export interface BatterySource {
  /** Every battery, in a steady order. Statuses are immutable snapshots. */
  readonly statuses: readonly BatteryStatus[];
  /** Milliseconds of a clock that never steps back; ages are differences of it. */
  now(): number;
  /** Calls `listener` at each event until the subscription is disposed of. */
  observe(listener: (event: BatteryEvent) => void): Disposable;
}

/** Age of the latest reading in milliseconds at the source's time `now`; undefined without a reading. */
export function readingAge({ readingTime }: BatteryStatus, now: number): number | undefined {
  return readingTime === undefined ? undefined : now - readingTime;
}

/** The latest reading while it is fresh at the source's time `now`: what may be shown as true. */
export function liveReading(status: BatteryStatus, now: number): Reading | undefined {
  const age = readingAge(status, now);
  return age !== undefined && age < status.staleAfter ? status.reading : undefined;
}
