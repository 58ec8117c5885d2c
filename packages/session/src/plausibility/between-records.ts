import type { CellFields } from '@ubmsc/protocol';
import type { AnyFieldValue } from '@ubmsc/protocol';
import { variants } from '@ubmsc/protocol';
import { layouts } from '@ubmsc/protocol';
import { cellRules } from './cell-rules.ts';
import {
  allOrNothing,
  shareOf,
  type AnyFields,
  type Objection,
  type Observed,
  type StepRule,
} from './observed.ts';

/**
 * How far a value can move from one record to the next, in the unit of the field; 0 for what hardly ever changes.
 * What is not listed moves freely.
 */
// A table is read by its columns:
// prettier-ignore
const steps: Partial<Record<keyof CellFields | 'unknown202' | 'unknown294', number>> = {
  unknown202: 500,
  unknown294: 0.02,
  cellWireResistances: 0,
  wireResistanceWarnings: 0,
  balanceCurrent: 4,
  heatingCurrent: 2,
  mosTemperature: 1,
  temperature1: 6,
  temperature2: 6,
  temperature3: 6,
  temperature4: 6,
  temperature5: 6,
  stateOfCharge: 1,
  fullChargeCapacity: 0,
  cycleCount: 1,
  stateOfHealth: 1,
  prechargeState: 0,
  userAlarm: 0,
  userAlarm2: 0,
  temperatureSensorPresence: 0,
  reserved216: 0,
  emergencyTimer: 3,
  releaseTimerDischargeOcp: 3,
  releaseTimerDischargeScp: 3,
  releaseTimerChargeOcp: 3,
  releaseTimerChargeScp: 3,
  releaseTimerUvp: 3,
  releaseTimerOvp: 3,
  chargeCurrentSensorVoltage: 0.1,
  dischargeCurrentSensorVoltage: 0.1,
  chargeStatusElapsed: 3,
  timeToSmartSleep: 3,
  dischargeCurrentCorrection: 0,
  chargeCurrentCorrection: 0,
  batteryVoltageCorrection: 0,
  accStatus: 0,
  specialChargerStatus: 0,
  startupFlag: 0,
  volCMinus: 0,
  mcuId: 0,
  reserved244: 0,
  pvdTriggerTimestamp: 0,
  detailLogCount: 1,
  pclModuleOn: 0,
  batteryType: 0,
  reserved276: 0,
  reserved277: 0,
  switchStatus: 0,
  reserved282: 0,
  enableFlags: 0,
};

/** Fields whose meaning nobody knows are steady too, but for these. */
const restless = new Set(['unknown160', 'unknown168', 'unknown198']);

const steadyUnknowns = variants
  .flatMap((variant) => Object.keys(layouts[variant].cellData.fields))
  .filter((name) => /^(unknown|flag)/.test(name) && !restless.has(name));

const stepRows: readonly (readonly [name: string, step: number, witnesses?: number])[] = [
  ...Object.entries(steps),
  // Nobody shows them: they only tell damage.
  ...[...new Set(steadyUnknowns)].filter((name) => !(name in steps)).map((name) => [name, 0, 1] as const),
];

/** A record is compared with one that is at most this old, in milliseconds: after a gap anything may have changed. */
const MEMORY = 10_000;

/**
 * Shortest and longest time between two records of most firmware, in milliseconds (reference, section 3.3), with some
 * room.
 */
const PERIOD = { least: 250, most: 3000 };

const rules: readonly StepRule[] = [
  ...stepRows.map(([name, step, witnesses]): StepRule => ({
    doubt: 'step',
    name,
    witnesses,
    used: (before: AnyFields, now: AnyFields, frames) => moveOf(before[name], now[name], step * frames),
  })),
  { doubt: 'step', name: 'switches', used: switched, isBorneOut: staysSwitched, mayGoOn: true },
  { doubt: 'step', name: 'alarms', used: changesOfAlarms },
  { doubt: 'step', name: 'charge', used: movesOfCharge },
  { doubt: 'step', name: 'power', used: powerOff },
  {
    doubt: 'step',
    name: 'packCurrent',
    used: leapAlone,
    isBorneOut: staysThere,
    mayGoOn: true,
    witnesses: 1,
  },
  { doubt: 'step', name: 'number of cells', used: (before, now) => allOrNothing(hasOtherCells(before, now)) },
  ...cellRules,
  { doubt: 'clock', name: 'clocks', used: movesOfClocks },
];

/** What speaks against a record that comes after another one. Rules that are `ignored` are not asked. */
export function objectionBetween(
  before: Observed,
  now: Observed,
  ignored: ReadonlySet<string>,
): Objection | undefined {
  if (now.arrival.time - before.arrival.time > MEMORY) return undefined;
  const frames = framesBetween(before, now);
  if (frames === undefined && !ignored.has('counter')) {
    return { doubt: 'clock', name: 'counter', isBorneOut: () => true, witnesses: 1 };
  }
  const periods = periodsBetween(before, now);
  const broken = rules.find(
    ({ name, used }) => !ignored.has(name) && used(before.fields, now.fields, periods) > 1,
  );
  return (
    broken && {
      ...broken,
      // What was a damaged value comes back; a battery that has changed stays so.
      isBorneOut: (next) =>
        broken.isBorneOut?.(before.fields, now.fields, next.fields) ??
        broken.used(before.fields, next.fields, periods) > 1,
    }
  );
}

/** The share that a record which comes after another one uses of the room that each rule leaves, by rule. */
export function roomUsed(before: Observed, now: Observed): Map<string, number> {
  if (now.arrival.time - before.arrival.time > MEMORY) return new Map();
  const periods = periodsBetween(before, now);
  return new Map(rules.map(({ name, used }) => [name, used(before.fields, now.fields, periods)]));
}

/** Periods in which values can have moved. */
function periodsBetween(before: Observed, now: Observed): number {
  // Where records come seldom, values move further from one to the next.
  return Math.max(
    framesBetween(before, now) ?? 1,
    Math.ceil((now.arrival.time - before.arrival.time) / PERIOD.most),
  );
}

/** How many records lie between two by their counter; undefined when their times say otherwise. */
function framesBetween(before: Observed, now: Observed): number | undefined {
  const frames = (now.fields.frameCounter - before.fields.frameCounter) & 0xff;
  const elapsed = now.arrival.time - before.arrival.time;
  // The same records over RS485 do not count, and a frozen device repeats itself; neither is damage.
  if (frames === 0) return Math.max(1, Math.round(elapsed / PERIOD.least));
  return frames > 4 + elapsed / PERIOD.least || (frames + 2) * PERIOD.most < elapsed ? undefined : frames;
}

/** What is switched at any time, and hardly ever for one record only. */
const switches = ['chargeMosOn', 'dischargeMosOn', 'heatingOn', 'chargerPlugged'] as const;

function switched(before: CellFields, now: CellFields): number {
  return allOrNothing(switches.some((each) => now[each] !== before[each]));
}

/** Others may be switched meanwhile: the heating first, then the charge. */
function staysSwitched(before: CellFields, now: CellFields, next: CellFields): boolean {
  return switches.every((each) => now[each] === before[each] || next[each] === now[each]);
}

/** Alarms that come or go in one record; several bits at once are rather damage, until the next record has them too. */
const ALARMS_AT_ONCE = 1;

/** Ampere-hours that a counter may move beside the charge that flows: its resolution, and its rounding. */
const CHARGE_STEP = 0.002;

function changesOfAlarms(before: CellFields, now: CellFields): number {
  return shareOf(bitCount((before.alarms ?? 0) ^ (now.alarms ?? 0)), ALARMS_AT_ONCE);
}

/** Counters of charge move with the current, and what has been cycled is never taken back. */
function movesOfCharge(before: CellFields, now: CellFields, frames: number): number {
  const current = Math.max(Math.abs(before.packCurrent ?? 0), Math.abs(now.packCurrent ?? 0));
  const most = frames * (CHARGE_STEP + (current * PERIOD.most) / 3_600_000);
  const cycled = (now.cycleCapacity ?? 0) - (before.cycleCapacity ?? 0);
  const remaining = (now.remainingCapacity ?? 0) - (before.remainingCapacity ?? 0);
  const fallen = cycled < 0 || (now.cycleCount ?? 0) < (before.cycleCount ?? 0);
  return Math.max(allOrNothing(fallen), shareOf(cycled, most), shareOf(remaining, most));
}

/** How far the device's power, a magnitude, may be from voltage times current: it is that of another sample (section 8.2). */
const POWER = { share: 0.2, watts: 10 };

const powerOf = ({ packVoltage, packCurrent = 0 }: CellFields): number => Math.abs(packVoltage * packCurrent);

/** The device's power lies between that of this record and that of the one before. */
function powerOff(before: CellFields, now: CellFields): number {
  const [power, one, other] = [now.packPower ?? 0, powerOf(before), powerOf(now)];
  const nearest = Math.min(Math.max(power, Math.min(one, other)), Math.max(one, other));
  return shareOf(power - nearest, POWER.share * nearest + POWER.watts);
}

/**
 * Amperes by which the current may change while the power of one of the two records is not its own. A battery does more
 * now and then, and damage looks the same: the next record tells.
 */
const LEAP = 1;

function leapAlone(before: CellFields, now: CellFields): number {
  const leap = (now.packCurrent ?? 0) - (before.packCurrent ?? 0);
  return [before, now].some(hasForeignPower) ? shareOf(leap, LEAP) : 0;
}

function hasForeignPower(fields: CellFields): boolean {
  const power = powerOf(fields);
  return Math.abs((fields.packPower ?? 0) - power) > POWER.share * power + POWER.watts;
}

/** The next current is nearer to the new one than to the old one. */
function staysThere(before: CellFields, now: CellFields, next: CellFields): boolean {
  const [from = 0, to = 0, current = 0] = [before.packCurrent, now.packCurrent, next.packCurrent];
  return Math.abs(current - to) < Math.abs(current - from);
}

function moveOf(before: AnyFieldValue | undefined, now: AnyFieldValue | undefined, step: number): number {
  if (typeof before === 'number' && typeof now === 'number') {
    // A float can be no number, and stay so.
    return Object.is(before, now) ? 0 : shareOf(now - before, step);
  }
  if (before instanceof Uint8Array && now instanceof Uint8Array) {
    return allOrNothing(before.some((byte, index) => byte !== now[index]));
  }
  if (Array.isArray(before) && Array.isArray(now)) {
    return Math.max(0, ...before.map((value: AnyFieldValue, index) => moveOf(value, now[index], step)));
  }
  return allOrNothing(before !== now);
}

/** All that changes is that the last cell is added to the settings or taken out of them. */
function hasOtherCells({ enabledCells: before }: CellFields, { enabledCells: now }: CellFields): boolean {
  return before !== now && before !== now * 2 + 1 && now !== before * 2 + 1;
}

/** Seconds that the device's clocks may move from one record to the next, and how young a restarted one is. */
const CLOCK = { most: 2.5, second: 1, restarted: 120 };

function movesOfClocks(before: CellFields, now: CellFields, frames: number): number {
  const most = CLOCK.most * frames;
  const ticks = now.sysRunTicks - before.sysRunTicks;
  if (ticks < 0 && now.sysRunTicks < CLOCK.restarted) return 0;
  const moves = (['totalRuntime', 'rtc', 'runtimeSincePowerOn'] as const).map(
    (name) => (now[name] ?? 0) - (before[name] ?? 0),
  );
  return Math.max(
    allOrNothing(ticks < 0 || moves.some((moved) => moved < 0)),
    shareOf(ticks, most),
    ...moves.map((moved) => shareOf(moved, most + CLOCK.second)),
  );
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
