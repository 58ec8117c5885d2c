import type { CellFields } from '../cell-fields.ts';
import type { AnyFieldValue } from '../field.ts';
import { variants } from '../layout.ts';
import { layouts } from '../layouts/index.ts';
import { cellRules } from './cell-rules.ts';
import type { AnyFields, Objection, Observed, StepRule } from './observed.ts';

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

const stepRows: readonly (readonly [name: string, step: number])[] = [
  ...Object.entries(steps),
  ...[...new Set(steadyUnknowns)].filter((name) => !(name in steps)).map((name) => [name, 0] as const),
];

/** A record is compared with one that is at most this old, in milliseconds: after a gap anything may have changed. */
const MEMORY = 10_000;

/**
 * Shortest and longest time between two records of most firmware, in milliseconds (reference, section 3.3), with some
 * room.
 */
const PERIOD = { least: 250, most: 3000 };

const rules: readonly StepRule[] = [
  ...stepRows.map(([name, step]): StepRule => ({
    doubt: 'step',
    name,
    fails: (before: AnyFields, now: AnyFields, frames) => !isWithin(before[name], now[name], step * frames),
  })),
  { doubt: 'step', name: 'alarms', fails: changesManyAlarms },
  { doubt: 'step', name: 'charge', fails: movesMoreCharge },
  { doubt: 'step', name: 'power', fails: hasOtherPower },
  { doubt: 'step', name: 'packCurrent', fails: leapsAlone, isBorneOut: staysThere, mayGoOn: true },
  { doubt: 'step', name: 'number of cells', fails: hasOtherCells },
  ...cellRules,
  { doubt: 'clock', name: 'clocks', fails: movesClocks },
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
    return { doubt: 'clock', name: 'counter', isBorneOut: () => true };
  }
  // Where records come seldom, values move further from one to the next.
  const periods = Math.max(frames ?? 1, Math.ceil((now.arrival.time - before.arrival.time) / PERIOD.most));
  const broken = rules.find(
    ({ name, fails }) => !ignored.has(name) && fails(before.fields, now.fields, periods),
  );
  return (
    broken && {
      ...broken,
      // What was a damaged value comes back; a battery that has changed stays so.
      isBorneOut: (next) =>
        broken.isBorneOut?.(before.fields, now.fields, next.fields) ??
        broken.fails(before.fields, next.fields, periods),
    }
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

/** Alarms that come or go in one record; several bits at once are rather damage, until the next record has them too. */
const ALARMS_AT_ONCE = 1;

/** Ampere-hours that a counter may move beside the charge that flows: its resolution, and its rounding. */
const CHARGE_STEP = 0.002;

function changesManyAlarms(before: CellFields, now: CellFields): boolean {
  return bitCount((before.alarms ?? 0) ^ (now.alarms ?? 0)) > ALARMS_AT_ONCE;
}

/** Counters of charge move with the current, and what has been cycled is never taken back. */
function movesMoreCharge(before: CellFields, now: CellFields, frames: number): boolean {
  const current = Math.max(Math.abs(before.packCurrent ?? 0), Math.abs(now.packCurrent ?? 0));
  const most = frames * (CHARGE_STEP + (current * PERIOD.most) / 3_600_000);
  const cycled = (now.cycleCapacity ?? 0) - (before.cycleCapacity ?? 0);
  const remaining = (now.remainingCapacity ?? 0) - (before.remainingCapacity ?? 0);
  return (
    cycled < 0 ||
    cycled > most ||
    Math.abs(remaining) > most ||
    (now.cycleCount ?? 0) < (before.cycleCount ?? 0)
  );
}

/** How far the device's power, a magnitude, may be from voltage times current: it is that of another sample (section 8.2). */
const POWER = { share: 0.2, watts: 10 };

const powerOf = ({ packVoltage, packCurrent = 0 }: CellFields): number => Math.abs(packVoltage * packCurrent);

/** The device's power lies between that of this record and that of the one before. */
function hasOtherPower(before: CellFields, now: CellFields): boolean {
  const [power, one, other] = [now.packPower ?? 0, powerOf(before), powerOf(now)];
  const least = Math.min(one, other) * (1 - POWER.share) - POWER.watts;
  const most = Math.max(one, other) * (1 + POWER.share) + POWER.watts;
  return power < least || power > most;
}

/**
 * Amperes by which the current may change while the power of one of the two records is not its own. A battery does more
 * now and then, and damage looks the same: the next record tells.
 */
const LEAP = 1;

function leapsAlone(before: CellFields, now: CellFields): boolean {
  const leap = Math.abs((now.packCurrent ?? 0) - (before.packCurrent ?? 0));
  return leap > LEAP && [before, now].some(hasForeignPower);
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

function isWithin(before: AnyFieldValue | undefined, now: AnyFieldValue | undefined, step: number): boolean {
  if (typeof before === 'number' && typeof now === 'number') {
    // A float can be no number, and stay so.
    return Object.is(before, now) || Math.abs(now - before) <= step;
  }
  if (before instanceof Uint8Array && now instanceof Uint8Array) {
    return before.every((byte, index) => byte === now[index]);
  }
  if (Array.isArray(before) && Array.isArray(now)) {
    return before.every((value: AnyFieldValue, index) => isWithin(value, now[index], step));
  }
  return before === now;
}

/** All that changes is that the last cell is added to the settings or taken out of them. */
function hasOtherCells({ enabledCells: before }: CellFields, { enabledCells: now }: CellFields): boolean {
  return before !== now && before !== now * 2 + 1 && now !== before * 2 + 1;
}

/** Seconds that the device's clocks may move from one record to the next, and how young a restarted one is. */
const CLOCK = { most: 2.5, second: 1, restarted: 120 };

function movesClocks(before: CellFields, now: CellFields, frames: number): boolean {
  const most = CLOCK.most * frames;
  const ticks = now.sysRunTicks - before.sysRunTicks;
  if (ticks < 0 && now.sysRunTicks < CLOCK.restarted) return false;
  if (ticks < 0 || ticks > most) return true;
  for (const name of ['totalRuntime', 'rtc', 'runtimeSincePowerOn'] as const) {
    const moved = (now[name] ?? 0) - (before[name] ?? 0);
    if (moved < 0 || moved > most + CLOCK.second) return true;
  }
  return false;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
