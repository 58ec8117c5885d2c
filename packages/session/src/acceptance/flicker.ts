import { cellDataJk02_32s, hasBit, isNumeric, numberSizes, type Field } from '@ubmsc/protocol';
import type { Case, Observed, Session, Verdict, WitnessFields } from './observed.ts';

type Name = Exclude<keyof WitnessFields, 'cellVoltages'>;

/** A value that has been seen to leap to 0, or to the most that its field holds, in records that are right otherwise. */
interface Row {
  readonly name: Name;
  /** Every record comes here, and this is faster than by the name. */
  readonly of: (fields: WitnessFields) => number | null | undefined;
  /** How far it must leap, in the unit of the field. */
  readonly leap: number;
  /** The most that its field holds. */
  readonly most: number;
  /** Whether another value of the same record says the same. */
  readonly isExplained: ((record: Observed, before: Observed | undefined) => boolean) | undefined;
  /** Whether that is enough to doubt the first record of a link. */
  readonly tellsAlone: boolean;
}

const row = (
  name: Name,
  of: Row['of'],
  leap: number,
  isExplained?: Row['isExplained'],
  tellsAlone = false,
): Row => ({ name, of, leap, most: mostOf(name), isExplained, tellsAlone });

// A table is read by its columns:
// prettier-ignore
const rows: readonly Row[] = [
  row('packCurrent', (fields) => fields.packCurrent, 1, endsCurrent, true),
  row('stateOfCharge', (fields) => fields.stateOfCharge, 5, agreesOnCharge, true),
  row('remainingCapacity', (fields) => fields.remainingCapacity, 5, agreesOnCharge, true),
  row('fullChargeCapacity', (fields) => fields.fullChargeCapacity, 5, agreesOnCharge, true),
  row('cycleCount', (fields) => fields.cycleCount, 2),
  row('cycleCapacity', (fields) => fields.cycleCapacity, 2),
  row('stateOfHealth', (fields) => fields.stateOfHealth, 5),
  row('chargeMosOn', (fields) => fields.chargeMosOn, 1, changesCurrent),
  row('dischargeMosOn', (fields) => fields.dischargeMosOn, 1, changesCurrent),
  row('mosTemperature', (fields) => fields.mosTemperature, 10),
  row('temperature1', (fields) => fields.temperature1, 10),
  row('temperature2', (fields) => fields.temperature2, 10),
  row('temperature3', (fields) => fields.temperature3, 10),
  row('temperature4', (fields) => fields.temperature4, 10),
  row('temperature5', (fields) => fields.temperature5, 10),
];

/** The most that the field of a value holds. */
function mostOf(name: Name): number {
  const fields: Readonly<Record<string, Field>> = cellDataJk02_32s.fields;
  const field = fields[name];
  if (!field || !isNumeric(field)) return Infinity;
  const bits = 8 * numberSizes[field.type] - (field.type.startsWith('i') ? 1 : 0);
  return (2 ** bits - 1) / (field.divisor ?? 1);
}

/** A load that is switched on and off has ended so often before that its end is expected. */
const OFTEN = 3;

export function flickers(record: Observed, before: Observed | undefined, session: Session): boolean {
  for (const each of rows) {
    if (!leapsAway(each, record, before)) continue;
    if (each.name !== 'packCurrent' || session.currentEnds < OFTEN) return true;
  }
  return silentCell(record, before) !== undefined;
}

/** What has flickered is back in the next record. */
export function judgeFlicker({ before, record, next }: Case, session: Session): Verdict {
  let verdict: Verdict = 'confirmed';
  const cell = silentCell(record, before);
  if (cell !== undefined && !session.stays('cell', next.fields.cellVoltages[cell] === 0)) verdict = 'refuted';
  for (const each of rows) {
    if (each.name === 'packCurrent' && session.currentEnds >= OFTEN) continue;
    if (leapsAway(each, record, before) && !stays(each, { before, record, next }, session))
      verdict = 'refuted';
  }
  return verdict;
}

function leapsAway(
  { of, leap, most, isExplained, tellsAlone }: Row,
  record: Observed,
  before: Observed | undefined,
): boolean {
  const value = of(record.fields);
  if (value !== 0 && value !== most) return false;
  const old = before && (of(before.fields) ?? undefined);
  if (before ? old === undefined || Math.abs(value - old) < leap : !tellsAlone) return false;
  return !(isExplained?.(record, before) ?? false);
}

function stays({ name, of }: Row, { before, record, next }: Case, session: Session): boolean {
  if (name === 'packCurrent' && hasNoPower(next, before)) return true;
  const old = before && (of(before.fields) ?? undefined);
  const value = of(record.fields) ?? 0;
  const now = of(next.fields) ?? value;
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

/** Volts by which each cell moves when the current really changes. */
const MOVE = 0.003;

/** A current that has ended leaves no power, or moves the cells. */
function endsCurrent(record: Observed, before: Observed | undefined): boolean {
  if (hasNoPower(record, before)) return true;
  const move = before ? Math.abs(record.fields.packVoltage - before.fields.packVoltage) : 0;
  return move > 0 && move >= MOVE * (32 - Math.clz32(record.fields.enabledCells));
}

/** A MOSFET that opens ends a current. */
function changesCurrent({ fields: { packCurrent = 0 } }: Observed, before: Observed | undefined): boolean {
  const was = before?.fields.packCurrent ?? packCurrent;
  return Math.abs(packCurrent - was) > Math.max(1, 0.2 * Math.abs(was));
}

/** Volts that the pack has more than its cells when one of them is there and reads 0 V. */
const MISSING = 0.5;

/** The cell that has gone to 0 V while the pack still has its voltage. */
function silentCell({ fields }: Observed, before: Observed | undefined): number | undefined {
  const { cellVoltages, enabledCells, packVoltage } = fields;
  const end = 32 - Math.clz32(enabledCells);
  for (let index = 0; index < end; index++) {
    if (cellVoltages[index] !== 0 || !hasBit(enabledCells, index) || before?.fields.cellVoltages[index] === 0)
      continue;
    const sum = cellVoltages.reduce(
      (total, voltage, cell) => total + (hasBit(enabledCells, cell) ? voltage : 0),
      0,
    );
    return packVoltage - sum < MISSING ? undefined : index;
  }
  return undefined;
}

/** Learns that the current may end, from two records that were accepted without a doubt. */
export function learnCurrent({ fields: before }: Observed, { fields }: Observed, session: Session): void {
  if (fields.packCurrent === 0 && Math.abs(before.packCurrent ?? 0) >= 1) session.currentEnds++;
}
