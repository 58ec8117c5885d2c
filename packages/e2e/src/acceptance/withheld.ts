import { SessionJudge } from '@ubmsc/session';
import {
  deviceProfiles,
  loads,
  SimulatedDevice,
  type DeviceProfileName,
  type LoadName,
} from '@ubmsc/simulator';

/** Resistances of a cell, in Ω. */
export const resistances = [0.0001, 0.0005, 0.001, 0.0025, 0.005];

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names
export const loadNames = Object.keys(loads) as LoadName[];

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names
export const profileNames = Object.keys(deviceProfiles) as DeviceProfileName[];

/** Times from one record to the next, in milliseconds. */
const PERIOD = { least: 480, most: 620 };

/** An undamaged battery. */
interface Undamaged {
  readonly profile: DeviceProfileName;
  readonly load: LoadName;
  /** Of a cell, in Ω. */
  readonly resistance: number;
  readonly minutes: number;
  readonly seed?: number;
  /** What the device computes lags by one record. */
  readonly lags?: boolean;
}

/** What acceptance costs an undamaged battery. */
export interface Withheld {
  /** Records that the battery has sent. */
  sent: number;
  /** Those that are not accepted when the next one has come. */
  withheld: number;
  /** Those that are accepted with the next one. */
  waited: number;
  /** Those that are accepted with a doubt. */
  doubted: number;
  /** The longest time from one accepted record to the next, in milliseconds. */
  silence: number;
  firstIsLate: boolean;
}

/** Lets a simulated battery send records that nothing damages. */
export function measureWithheld({
  profile,
  load,
  resistance,
  minutes,
  seed = 1,
  lags = true,
}: Undamaged): Withheld {
  let now = 1e6;
  const device = new SimulatedDevice({
    profile: deviceProfiles[profile],
    load,
    seed,
    laggingStatistics: lags,
    battery: { cellResistance: resistance },
    now: () => now,
  });
  const judge = new SessionJudge();
  const end = now + minutes * 60_000;
  const total = { sent: 0, waited: 0, doubted: 0, silence: 0, firstIsLate: false };
  let accepted = 0;
  let latest = now;
  let waits = false;
  while (now < end) {
    now += PERIOD.least + (PERIOD.most - PERIOD.least) * device.random();
    const item = { kind: 'frame', offset: 0, frame: device.cellData(), pauses: [] } as const;
    const judgement = judge.observe(item, now, now);
    waits = judgement.delayed !== undefined;
    if (total.sent === 0) total.firstIsLate = waits;
    total.sent++;
    total.waited += Number(waits);
    total.doubted += judgement.accepted.filter(({ doubt }) => doubt !== undefined).length;
    accepted += judgement.accepted.length;
    if (judgement.accepted.length === 0) continue;
    total.silence = Math.max(total.silence, now - latest);
    latest = now;
  }
  // The last one may wait for a next one that never comes.
  return { ...total, withheld: total.sent - accepted - Number(waits) };
}
