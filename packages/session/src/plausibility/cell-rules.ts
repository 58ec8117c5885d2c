import type { CellFields } from '@ubmsc/protocol';
import { hasBit } from '@ubmsc/protocol';
import { cellsOf, statisticsOf, sumOf } from './cells.ts';
import { allOrNothing, shareOf, type StepRule } from './observed.ts';

/** How cells move from one record to the next, and how what the device computes of them follows. */
export const cellRules: readonly StepRule[] = [
  { doubt: 'step', name: 'cells', used: movesOfCells },
  {
    doubt: 'step',
    name: 'cells at 0 V',
    used: (before, now) => allOrNothing(losesCells(before, now)),
    isBorneOut: staysLost,
  },
  {
    doubt: 'agreement',
    name: 'converter',
    used: (before, now) => allOrNothing(leavesConverter(before, now)),
  },
  {
    doubt: 'agreement',
    name: 'packVoltage',
    used: (before, now) => strayOf(before, now, 'sum', 'packVoltage'),
  },
  {
    doubt: 'agreement',
    name: 'averageCellVoltage',
    used: (before, now) => strayOf(before, now, 'mean', 'averageCellVoltage'),
  },
  {
    doubt: 'agreement',
    name: 'deltaCellVoltage',
    used: (before, now) => strayOf(before, now, 'delta', 'deltaCellVoltage'),
  },
  { doubt: 'agreement', name: 'packVoltage2', used: coarseVoltage },
];

/**
 * Volts: cells move together when the load changes; one alone hardly moves, unless it is balanced, and all of them on
 * average less.
 */
const MOVE = { together: 0.5, alone: 0.008, balanced: 0.05, share: 0.3, mean: 0.0013, meanBalanced: 0.0033 };

function movesOfCells(before: CellFields, now: CellFields, frames: number): number {
  if (before.enabledCells !== now.enabledCells) return 0;
  const moves: number[] = [];
  for (const [index, voltage] of now.cellVoltages.entries()) {
    const old = before.cellVoltages[index] ?? 0;
    // Where there is no cell, nothing changes.
    if (!hasBit(now.enabledCells, index) && voltage !== old) return Infinity;
    // A cell goes to 0 V and comes back when its wire breaks or the number of cells is changed.
    if (hasBit(now.enabledCells, index) && voltage !== 0 && old !== 0) moves.push(voltage - old);
  }
  const middle = moves.toSorted((a, b) => a - b)[moves.length >> 1] ?? 0;
  const isBalanced = before.balanceState !== 0 || now.balanceState !== 0;
  const alone = isBalanced ? MOVE.balanced : MOVE.alone;
  const mean = isBalanced ? MOVE.meanBalanced : MOVE.mean;
  const apart = moves.map((move) => Math.abs(move - middle));
  const withLoad = MOVE.share * Math.abs(middle);
  return Math.max(
    shareOf(middle, MOVE.together * frames),
    ...apart.map((each) => shareOf(each, alone * frames + withLoad)),
    shareOf(sumOf(apart) / Math.max(moves.length, 1), mean * frames + withLoad),
  );
}

/** Volts that the pack has more than its cells when one of them is there and is not shown. */
const MISSING = 0.5;

/** A cell that is still in the pack reads 0 V while its wire is broken, which lasts longer than one record. */
function losesCells(before: CellFields, now: CellFields): boolean {
  if (before.enabledCells !== now.enabledCells || now.packVoltage - sumOf(cellsOf(now)) < MISSING)
    return false;
  return now.cellVoltages.some((voltage, index) => voltage === 0 && before.cellVoltages[index] !== 0);
}

/** What reads 0 V stays so, also when the number of cells is set: JK04 takes them out of its mask one record later. */
function staysLost(before: CellFields, now: CellFields, next: CellFields): boolean {
  return now.cellVoltages.every(
    (voltage, index) => voltage !== 0 || before.cellVoltages[index] === 0 || next.cellVoltages[index] === 0,
  );
}

/** How far, in volts, what the device computes may be from the cells of this record and of the one before. */
const LAG = { sum: 0.001, mean: 0.0015, delta: 0.006 };

/**
 * The device computes at another moment than it measures (reference, section 8.1): what it says is between what the
 * cells of this record say and those of the one before, or as far beside as these are apart.
 */
function strayOf(
  before: CellFields,
  now: CellFields,
  name: keyof typeof LAG,
  field: 'packVoltage' | 'averageCellVoltage' | 'deltaCellVoltage',
): number {
  const value = now[field];
  const old = statisticsOf(before)?.[name];
  const cells = statisticsOf(now)?.[name];
  if (value === undefined || old === undefined || cells === undefined) return 0;
  if (before.enabledCells !== now.enabledCells) return 0;
  // What is no number, and stays so, is shown as absent.
  if (Number.isNaN(value) && Object.is(value, before[field])) return 0;
  const limit = LAG[name] * (name === 'sum' ? cellsOf(now).length : 1);
  return shareOf(Math.min(Math.abs(value - cells), Math.abs(value - old)), limit + Math.abs(cells - old));
}

/** Volts by which the pack voltage that is measured coarsely a second time is off; it lags as well. */
const COARSE = 0.03;

function coarseVoltage(before: CellFields, { packVoltage, packVoltage2 }: CellFields): number {
  if (packVoltage2 === undefined) return 0;
  const off = Math.min(Math.abs(packVoltage2 - packVoltage), Math.abs(packVoltage2 - before.packVoltage));
  return shareOf(off, COARSE + Math.abs(packVoltage - before.packVoltage));
}

/** A step of a converter is at least this, in volts. */
const LEAST_STEP = 0.0005;

/** How far from a multiple of a step a number may be by its rounding, and by that of the step, in steps. */
const ROUNDING = { number: 0.002, step: 0.0005 };

/** More cells than damage reaches leave their steps when the converter is calibrated. */
const CALIBRATED = 3;

/**
 * JK04 sends multiples of a step of its converter, as float32 numbers, and their sum; its balance current has a step of
 * its own. A damaged number stands out among them.
 */
function leavesConverter(before: CellFields, now: CellFields): boolean {
  if (now.runtimeSincePowerOn === undefined) return false; // it is no JK04
  if (isStepped(before) && !isStepped(now)) return true;
  const step = stepOf(before) ?? stepOf(now);
  const cells = statisticsOf(now);
  if (step === undefined || cells === undefined || statisticsOf(before) === undefined) return false;
  const off = now.cellVoltages.filter(
    (voltage, index) => !isMultiple(voltage - (before.cellVoltages[index] ?? 0), step),
  ).length;
  if (off >= CALIBRATED) return false;
  return off > 0 || !isMultiple(now.packVoltage - cells.sum, step);
}

const isStepped = ({ balanceCurrent = 0 }: CellFields): boolean => Number.isInteger(balanceCurrent * 2 ** 12);

function isMultiple(value: number, step: number): boolean {
  const steps = Math.round(value / step);
  return Math.abs(value / step - steps) < ROUNDING.number + ROUNDING.step * Math.abs(steps);
}

/** The step by which cells differ; undefined where there is none. */
function stepOf(fields: CellFields): number | undefined {
  const cells = cellsOf(fields)
    .filter((voltage) => voltage !== 0)
    .toSorted((a, b) => a - b);
  const apart = cells.slice(1).map((voltage, index) => voltage - (cells[index] ?? 0));
  const step = Math.min(...apart.filter((each) => each > 0));
  const isRegular = step >= LEAST_STEP && step < Infinity && apart.every((each) => isMultiple(each, step));
  return isRegular ? step : undefined;
}
