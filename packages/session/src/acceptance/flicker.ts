import { cellDataJk02_32s, hasBit, isNumeric, numberSizes, type Field } from '@ubmsc/protocol';
import type { Case, Observed, Session, Verdict, WitnessFields } from './observed.ts';

type Name = Exclude<keyof WitnessFields, 'cellVoltages'>;

interface Row {
  /** How far a value must leap to 0 or to its most, in the unit of the field. */
  readonly leap: number;
  /** Whether another value of the same record says the same. */
  readonly isExplained?: (record: Observed, before: Observed | undefined) => boolean;
  /** Whether that is enough to doubt the first record of a link. */
  readonly tellsAlone?: true;
}

const temperature: Row = { leap: 10 };
const charge: Row = { leap: 5, isExplained: agreesOnCharge, tellsAlone: true };
const mosfet: Row = { leap: 1, isExplained: changesCurrent };

/** What has been seen to leap to 0, or to the most that its field holds, in records that are right otherwise. */
const rows: Readonly<Partial<Record<Name, Row>>> = {
  packCurrent: {
    leap: 1,
    isExplained: (record, before) => hasNoPower(record, before) || moveCells(record, before),
    tellsAlone: true,
  },
  stateOfCharge: charge,
  remainingCapacity: charge,
  fullChargeCapacity: charge,
  cycleCount: { leap: 2 },
  cycleCapacity: { leap: 2 },
  stateOfHealth: { leap: 5 },
  chargeMosOn: mosfet,
  dischargeMosOn: mosfet,
  mosTemperature: temperature,
  temperature1: temperature,
  temperature2: temperature,
  temperature3: temperature,
  temperature4: temperature,
  temperature5: temperature,
};

const names = Object.keys(rows).filter((name): name is Name => name in rows);

/** The most that the field of a value holds. */
function mostOf(name: Name): number {
  const fields: Readonly<Record<string, Field>> = cellDataJk02_32s.fields;
  const field = fields[name];
  if (!field || !isNumeric(field)) return Infinity;
  const bits = 8 * numberSizes[field.type] - (field.type.startsWith('i') ? 1 : 0);
  return (2 ** bits - 1) / (field.divisor ?? 1);
}

const limits = new Map(names.map((name) => [name, mostOf(name)]));

export function flickers(record: Observed, before: Observed | undefined): boolean {
  return silentCell(record, before) !== undefined || names.some((name) => leapsAway(name, record, before));
}

/** What has flickered is back in the next record. */
export function judgeFlicker({ before, record, next }: Case, session: Session): Verdict {
  let verdict: Verdict = 'confirmed';
  const cell = silentCell(record, before);
  if (cell !== undefined && !session.stays('cell', next.fields.cellVoltages[cell] === 0)) verdict = 'refuted';
  for (const name of names) {
    if (leapsAway(name, record, before) && !stays(name, { before, record, next }, session))
      verdict = 'refuted';
  }
  return verdict;
}

/** The value of a field; undefined where the record has none. */
const valueOf = ({ fields }: Observed, name: Name): number | undefined => fields[name] ?? undefined;

function leapsAway(name: Name, record: Observed, before: Observed | undefined): boolean {
  const value = valueOf(record, name);
  if (value === undefined || (value !== 0 && value !== limits.get(name))) return false;
  const { leap = 0, isExplained, tellsAlone = false } = rows[name] ?? {};
  if (isExplained?.(record, before)) return false;
  if (!before) return tellsAlone;
  const old = valueOf(before, name);
  return old !== undefined && Math.abs(value - old) >= leap;
}

function stays(name: Name, { before, record, next }: Case, session: Session): boolean {
  if (name === 'packCurrent' && hasNoPower(next, before)) return true;
  const old = before && valueOf(before, name);
  const value = valueOf(record, name) ?? 0;
  const now = valueOf(next, name) ?? value;
  return session.stays(
    name,
    old === undefined ? now === value : Math.abs(now - value) <= Math.abs(now - old),
  );
}

/** The state of charge is the remaining capacity as a share of the full one, in 602 of 603 records (reference, section 12). */
function agreesOnCharge({ fields }: Observed): boolean {
  const { stateOfCharge = 0, remainingCapacity = 0, fullChargeCapacity = 0 } = fields;
  // Balancers that speak this layout count no charge (reference, section 4.1).
  if (remainingCapacity === 0 && fullChargeCapacity === 0) return true;
  return Math.abs(stateOfCharge - (100 * remainingCapacity) / fullChargeCapacity) <= 5;
}

/** A share of the power before that counts as none, and watts that do. */
const NO_POWER = { share: 0.1, watts: 5 };

/** The device's power, which may be that of the record before, says that no current flows. */
function hasNoPower({ fields: { packPower = 0 } }: Observed, before: Observed | undefined): boolean {
  const was = before ? Math.abs(before.fields.packVoltage * (before.fields.packCurrent ?? 0)) : 0;
  return packPower <= Math.max(NO_POWER.watts, NO_POWER.share * was);
}

/** Volts by which cells move, together, when the current really changes. */
const MOVE = 0.003;

function moveCells({ fields }: Observed, before: Observed | undefined): boolean {
  if (!before) return false;
  const cells = before.fields.cellVoltages.length;
  const volts = fields.packVoltage - before.fields.packVoltage;
  return Math.abs(volts) >= MOVE * Math.max(1, countCells(fields.enabledCells, cells));
}

/** A MOSFET that opens ends a current. */
function changesCurrent({ fields: { packCurrent = 0 } }: Observed, before: Observed | undefined): boolean {
  const was = before?.fields.packCurrent ?? packCurrent;
  return Math.abs(packCurrent - was) > Math.max(1, 0.2 * Math.abs(was));
}

/** Volts that the pack has more than its cells when one of them is there and reads 0 V. */
const MISSING = 0.5;

/** A cell that has gone to 0 V while the pack still has its voltage. */
function silentCell({ fields }: Observed, before: Observed | undefined): number | undefined {
  const { cellVoltages, enabledCells, packVoltage } = fields;
  let sum = 0;
  let silent: number | undefined;
  for (let index = 0; index < cellVoltages.length; index++) {
    if (!hasBit(enabledCells, index)) continue;
    const voltage = cellVoltages[index] ?? 0;
    sum += voltage;
    if (voltage === 0 && before?.fields.cellVoltages[index] !== 0) silent ??= index;
  }
  return packVoltage - sum < MISSING ? undefined : silent;
}

function countCells(mask: number, most: number): number {
  let count = 0;
  for (let index = 0; index < most; index++) if (hasBit(mask, index)) count++;
  return count;
}
