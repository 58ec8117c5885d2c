import { cellFields, type CellFields } from './cell-fields.ts';
import { hasBit, type AnyFieldValue } from './field.ts';
import type { Frame } from './frame.ts';
import { variants, type Variant } from './layout.ts';
import { layouts } from './layouts/index.ts';

/**
 * Why a cell data record is not believed although its checksum is right: the checksum is a sum of eight bits, which
 * one damaged record in 256 passes, and which does not see that pieces were swapped.
 */
export type Doubt =
  /** A value that no battery has. */
  | 'range'
  /** A slot without a cell is not empty. */
  | 'slots'
  /** What the device says in two ways does not agree. */
  | 'agreement'
  /** A value has moved further than it can in the time between two records. */
  | 'step'
  /** The device's clocks do not move with its counter. */
  | 'clock';

/** A record is compared with one that is at most this old, in milliseconds: after a gap anything may have changed. */
const MEMORY = 10_000;

/** So many doubts in a row are believed all the same: something that we take for steady is not. */
const DOUBTS_IN_A_ROW = 3;

/** Shortest and longest time between two records, in milliseconds (reference, section 3.3), with some room. */
const PERIOD = { least: 250, most: 3000 };

interface Observed {
  readonly fields: CellFields;
  /** When the record was complete, in milliseconds. */
  readonly time: number;
}

/**
 * Decides which cell data records of one battery are believed. A record that does not follow from the one before is
 * held back; when the next one follows from it, the battery has really changed, and that one is believed.
 */
export class PlausibilityFilter {
  #believed: Observed | undefined;
  #doubted: Observed | undefined;
  #doubts = 0;

  /** Undefined when the record is believed, or why it is not. `time` is when it was complete, in milliseconds. */
  observe(frame: Frame, variant: Variant, time: number): Doubt | undefined {
    const observed = { fields: cellFields(frame, variant), time };
    const impossible = doubtIn(observed.fields, variant);
    if (impossible) return impossible; // and it confirms nothing
    const doubt = doubtBetween(this.#believed, observed);
    const isConfirmed = this.#doubted !== undefined && doubtBetween(this.#doubted, observed) === undefined;
    if (doubt && !isConfirmed && ++this.#doubts < DOUBTS_IN_A_ROW) {
      this.#doubted = observed;
      return doubt;
    }
    this.#believed = observed;
    this.#doubted = undefined;
    this.#doubts = 0;
    return undefined;
  }
}

/** Limits of what a battery can have, in the unit of the field. */
// A table is read by its columns:
// prettier-ignore
const ranges: Partial<Record<keyof CellFields, readonly [least: number, most: number]>> = {
  packCurrent: [-2000, 2000],
  balanceCurrent: [-20, 20],
  balanceState: [0, 2],
  stateOfCharge: [0, 100],
  stateOfHealth: [0, 100],
  mosTemperature: [-60, 150],
  temperature1: [-60, 150],
  temperature2: [-60, 150],
  temperature3: [-60, 150],
  temperature4: [-60, 150],
  temperature5: [-60, 150],
  alarms: [0, 2 ** 29 - 1],
  chargeMosOn: [0, 1],
  dischargeMosOn: [0, 1],
  heatingOn: [0, 1],
  prechargeState: [0, 1],
  chargerPlugged: [0, 1],
  reserved238: [0, 1],
  chargePwmDuty: [0, 1023],
  dischargePwmDuty: [0, 1023],
};

/**
 * How far a value can move from one record to the next, in the unit of the field; 0 for what hardly ever changes.
 * What is not listed moves freely.
 */
// A table is read by its columns:
// prettier-ignore
const steps: Partial<Record<keyof CellFields | 'unknown202' | 'unknown294', number>> = {
  deltaCellVoltage: 0.1,
  unknown202: 500,
  unknown294: 0.02,
  cellWireResistances: 0,
  wireResistanceWarnings: 0,
  balanceCurrent: 4,
  heatingCurrent: 2,
  mosTemperature: 2,
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

/** Volts by which the mean of the cells, and their sum, may differ from what the device says. */
const agreement: Readonly<Record<Variant, { readonly mean: number; readonly sum: number }>> = {
  jk04: { mean: 0.006, sum: 0.08 },
  'jk02-24s': { mean: 0.02, sum: 0.2 },
  'jk02-32s': { mean: 0.01, sum: 0.06 },
};

type AnyFields = Readonly<Record<string, AnyFieldValue | undefined>>;

const rangeRows = Object.entries(ranges);
/** Fields whose meaning nobody knows are steady too, but for these. */
const restless = new Set(['unknown160', 'unknown168', 'unknown198']);

const steadyUnknowns = variants
  .flatMap((variant) => Object.keys(layouts[variant].cellData.fields))
  .filter((name) => /^(unknown|flag)/.test(name) && !restless.has(name));

const stepRows: readonly (readonly [name: string, step: number])[] = [
  ...Object.entries(steps),
  ...[...new Set(steadyUnknowns)].filter((name) => !(name in steps)).map((name) => [name, 0] as const),
];

/** What must hold in one record. */
function doubtIn(fields: CellFields, variant: Variant): Doubt | undefined {
  const values: AnyFields = fields;
  for (const [name, [least, most]] of rangeRows) {
    const value = values[name];
    if (typeof value === 'number' && !(value >= least && value <= most)) return 'range';
  }
  if (variant !== 'jk02-24s' && fields.balanceState === 0 && fields.balanceCurrent !== 0) return 'agreement';
  if (variant === 'jk04' && !isFromConverter(fields)) return 'agreement';
  return slotDoubt(fields, variant);
}

/**
 * JK04 adds its cells up as float32: above half a volt those are multiples of 2⁻²⁴ V, and so is their sum. Its balance
 * current comes in steps of 2⁻¹² A.
 */
function isFromConverter({ packVoltage, balanceCurrent = 0 }: CellFields): boolean {
  return Number.isInteger(packVoltage * 2 ** 24) && Number.isInteger(balanceCurrent * 2 ** 12);
}

function slotDoubt(fields: CellFields, variant: Variant): Doubt | undefined {
  const { cellVoltages, cellWireResistances, enabledCells, packVoltage, averageCellVoltage } = fields;
  let sum = 0;
  let count = 0;
  let last = 0;
  for (const [index, voltage] of cellVoltages.entries()) {
    if (hasBit(enabledCells, index)) {
      // With a broken wire nothing needs to agree.
      if (voltage === 0) return undefined;
      sum += voltage;
      count++;
      last = voltage;
    } else if (variant !== 'jk04' && (voltage !== 0 || cellWireResistances[index] !== 0)) {
      return 'slots';
    }
  }
  // The extremes lag: they may name the cell that was just taken out of the settings.
  if (Math.max(fields.maxCellIndex, fields.minCellIndex) > count) return 'range';
  const limits = agreement[variant];
  if (count > 0 && Math.abs(sum / count - averageCellVoltage) > limits.mean) return 'agreement';
  // For one record after a cell was added to the settings, the pack voltage is that of before.
  const off = Math.min(Math.abs(sum - packVoltage), Math.abs(sum - last - packVoltage));
  return off > limits.sum ? 'agreement' : undefined;
}

/** What must hold between two records. */
function doubtBetween(before: Observed | undefined, now: Observed): Doubt | undefined {
  if (!before || now.time - before.time > MEMORY) return undefined;
  const frames = framesBetween(before, now);
  if (frames === undefined) return 'clock';
  const [old, fields] = [before.fields, now.fields];
  return stepDoubt(old, fields, frames) ?? cellDoubt(old, fields, frames) ?? clockDoubt(old, fields, frames);
}

/** How many records lie between two by their counter; undefined when their times say otherwise. */
function framesBetween(before: Observed, now: Observed): number | undefined {
  const frames = (now.fields.frameCounter - before.fields.frameCounter) & 0xff;
  const elapsed = now.time - before.time;
  // The same records over RS485 do not count, and a frozen device repeats itself; neither is damage.
  if (frames === 0) return Math.max(1, Math.round(elapsed / PERIOD.least));
  return frames > 4 + elapsed / PERIOD.least || (frames + 2) * PERIOD.most < elapsed ? undefined : frames;
}

function stepDoubt(before: CellFields, now: CellFields, frames: number): Doubt | undefined {
  const old: AnyFields = before;
  const values: AnyFields = now;
  for (const [name, step] of stepRows) {
    if (!isWithin(old[name], values[name], step * frames)) return 'step';
  }
  if (bitCount((before.alarms ?? 0) ^ (now.alarms ?? 0)) > ALARMS_AT_ONCE) return 'step';
  if ((now.cycleCount ?? 0) < (before.cycleCount ?? 0)) return 'step';
  if (!chargeAgrees(before, now, frames)) return 'step';
  return powerAgrees(before, now) ? undefined : 'step';
}

/** Alarms that come or go together; all bits at once are rather damage. */
const ALARMS_AT_ONCE = 3;

/** Ampere-hours that a counter may move beside the charge that flows: its resolution, and its rounding. */
const CHARGE_STEP = 0.005;

/** Counters of charge move with the current, and what has been cycled is never taken back. */
function chargeAgrees(before: CellFields, now: CellFields, frames: number): boolean {
  const current = Math.max(Math.abs(before.packCurrent ?? 0), Math.abs(now.packCurrent ?? 0));
  const most = frames * (CHARGE_STEP + (current * PERIOD.most) / 3_600_000);
  const cycled = (now.cycleCapacity ?? 0) - (before.cycleCapacity ?? 0);
  const remaining = (now.remainingCapacity ?? 0) - (before.remainingCapacity ?? 0);
  return cycled >= 0 && cycled <= most && Math.abs(remaining) <= most;
}

/** The device's power is voltage times current, of this record or of the one before (reference, section 8.2). */
function powerAgrees(before: CellFields, now: CellFields): boolean {
  const { packPower, packCurrent } = now;
  if (packPower === undefined || packCurrent === undefined) return true;
  return [before, now].some(({ packVoltage }) =>
    [before.packCurrent ?? packCurrent, packCurrent].some((current) => {
      const power = Math.abs(packVoltage * current);
      return Math.abs(power - packPower) <= 0.05 + 0.001 * power;
    }),
  );
}

function isWithin(before: AnyFieldValue | undefined, now: AnyFieldValue | undefined, step: number): boolean {
  if (typeof before === 'number' && typeof now === 'number') return Math.abs(now - before) <= step;
  if (before instanceof Uint8Array && now instanceof Uint8Array) {
    return before.every((byte, index) => byte === now[index]);
  }
  if (Array.isArray(before) && Array.isArray(now)) {
    return before.every((value: AnyFieldValue, index) => isWithin(value, now[index], step));
  }
  return before === now;
}

/**
 * Volts: cells move together when the load changes; one alone hardly moves, unless it is balanced, and all of them on
 * average less; none moves by less than a step of the converter.
 */
const CELL_STEP = {
  together: 0.5,
  alone: 0.008,
  balanced: 0.05,
  share: 0.3,
  least: 0.0004,
  mean: 0.0013,
  meanBalanced: 0.0033,
};

/**
 * The last byte of a float32 between 2 and 4 V is worth less than 2⁻¹⁴ V. A step of JK04's converter changes it;
 * damage to one of the others does not. Millivolts are no multiples of 2⁻¹⁴ V either.
 */
const FLOAT_BYTE = 2 ** 14;

function cellDoubt(before: CellFields, now: CellFields, frames: number): Doubt | undefined {
  if (before.enabledCells !== now.enabledCells)
    return isNeighbour(before.enabledCells, now.enabledCells) ? undefined : 'step';
  const moves: number[] = [];
  for (const [index, voltage] of now.cellVoltages.entries()) {
    const old = before.cellVoltages[index] ?? 0;
    // Where there is no cell, nothing changes.
    if (!hasBit(now.enabledCells, index) && voltage !== 0 && voltage !== old) return 'step';
    // A cell goes to 0 V and comes back when its wire breaks or the number of cells is changed.
    if (hasBit(now.enabledCells, index) && voltage !== 0 && old !== 0) moves.push(voltage - old);
  }
  const middle = moves.toSorted((a, b) => a - b)[moves.length >> 1] ?? 0;
  if (Math.abs(middle) > CELL_STEP.together * frames) return 'step';
  const isBalanced = before.balanceState !== 0 || now.balanceState !== 0;
  const step = isBalanced && now.balanceState !== undefined ? CELL_STEP.balanced : CELL_STEP.alone;
  const alone = step * frames + CELL_STEP.share * Math.abs(middle);
  const isPossible = (move: number): boolean =>
    Math.abs(move - middle) <= alone &&
    (move === 0 || (Math.abs(move) >= CELL_STEP.least && !Number.isInteger(move * FLOAT_BYTE)));
  if (!moves.every(isPossible)) return 'step';
  const apart = moves.reduce((sum, move) => sum + Math.abs(move - middle), 0) / Math.max(moves.length, 1);
  const mean = isBalanced ? CELL_STEP.meanBalanced : CELL_STEP.mean;
  return apart > mean * frames + CELL_STEP.share * Math.abs(middle) ? 'step' : undefined;
}

/** Whether the last cell was added to the settings or taken out of them. */
function isNeighbour(before: number, now: number): boolean {
  return before === now * 2 + 1 || now === before * 2 + 1;
}

/** Seconds that the device's clocks may move from one record to the next, and how young a restarted one is. */
const CLOCK = { most: 2.5, second: 1, restarted: 120 };

function clockDoubt(before: CellFields, now: CellFields, frames: number): Doubt | undefined {
  const most = CLOCK.most * frames;
  const ticks = now.sysRunTicks - before.sysRunTicks;
  if (ticks < 0 && now.sysRunTicks < CLOCK.restarted) return undefined;
  if (ticks < 0 || ticks > most) return 'clock';
  for (const name of ['totalRuntime', 'rtc', 'runtimeSincePowerOn'] as const) {
    const moved = (now[name] ?? 0) - (before[name] ?? 0);
    if (moved < 0 || moved > most + CLOCK.second) return 'clock';
  }
  return undefined;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
