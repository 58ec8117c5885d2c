import { cellDataJk02_32s, hasBit, isNumeric, numberSizes, type Field } from '@ubmsc/protocol';
import type { Case, Observed, Session, Verdict, WitnessFields } from './observed.ts';

type Name = Exclude<keyof WitnessFields, 'cellVoltages'>;

interface Row {
  readonly name: Name;
  /** Faster than by its name, and every record comes here. */
  readonly of: (fields: WitnessFields) => number | null | undefined;
  /** How far a value must leap to 0 or to its most, in the unit of the field. */
  readonly leap: number;
  /** Whether another value of the same record says the same. */
  readonly isExplained?: (record: Observed, before: Observed | undefined) => boolean;
  /** Whether that is enough to doubt the first record of a link. */
  readonly tellsAlone?: true;
}

const charge = { leap: 5, isExplained: agreesOnCharge, tellsAlone: true } as const;
const mosfet = { leap: 1, isExplained: changesCurrent } as const;
const temperature = { leap: 10 } as const;

/** What has been seen to leap to 0, or to the most that its field holds, in records that are right otherwise. */
const rows = (
  [
    {
      name: 'packCurrent',
      of: (fields) => fields.packCurrent,
      leap: 1,
      isExplained: (record, before) => hasNoPower(record, before) || moveCells(record, before),
      tellsAlone: true,
    },
    { name: 'stateOfCharge', of: (fields) => fields.stateOfCharge, ...charge },
    { name: 'remainingCapacity', of: (fields) => fields.remainingCapacity, ...charge },
    { name: 'fullChargeCapacity', of: (fields) => fields.fullChargeCapacity, ...charge },
    { name: 'cycleCount', of: (fields) => fields.cycleCount, leap: 2 },
    { name: 'cycleCapacity', of: (fields) => fields.cycleCapacity, leap: 2 },
    { name: 'stateOfHealth', of: (fields) => fields.stateOfHealth, leap: 5 },
    { name: 'chargeMosOn', of: (fields) => fields.chargeMosOn, ...mosfet },
    { name: 'dischargeMosOn', of: (fields) => fields.dischargeMosOn, ...mosfet },
    { name: 'mosTemperature', of: (fields) => fields.mosTemperature, ...temperature },
    { name: 'temperature1', of: (fields) => fields.temperature1, ...temperature },
    { name: 'temperature2', of: (fields) => fields.temperature2, ...temperature },
    { name: 'temperature3', of: (fields) => fields.temperature3, ...temperature },
    { name: 'temperature4', of: (fields) => fields.temperature4, ...temperature },
    { name: 'temperature5', of: (fields) => fields.temperature5, ...temperature },
  ] as const satisfies readonly Row[]
).map(({ name, of, leap, isExplained, tellsAlone }: Row) => ({
  name,
  of,
  leap,
  isExplained,
  tellsAlone,
  most: mostOf(name),
}));

/** The most that the field of a value holds. */
function mostOf(name: Name): number {
  const fields: Readonly<Record<string, Field>> = cellDataJk02_32s.fields;
  const field = fields[name];
  if (!field || !isNumeric(field)) return Infinity;
  const bits = 8 * numberSizes[field.type] - (field.type.startsWith('i') ? 1 : 0);
  return (2 ** bits - 1) / (field.divisor ?? 1);
}

type RowWithMost = (typeof rows)[number];

/** Columns of the table: every record comes here, and hardly any has one of these values. */
const readers = rows.map(({ of }) => of);
const mosts = rows.map(({ most }) => most);

export function flickers(record: Observed, before: Observed | undefined): boolean {
  const { fields } = record;
  for (let index = 0; index < rows.length; index++) {
    const value = readers[index]?.(fields);
    if (value !== 0 && value !== mosts[index]) continue;
    const row = rows[index];
    if (row && leapsAway(row, record, before)) return true;
  }
  return silentCell(record, before) !== undefined;
}

/** What has flickered is back in the next record. */
export function judgeFlicker({ before, record, next }: Case, session: Session): Verdict {
  let verdict: Verdict = 'confirmed';
  const cell = silentCell(record, before);
  if (cell !== undefined && !session.stays('cell', next.fields.cellVoltages[cell] === 0)) verdict = 'refuted';
  for (const row of rows) {
    if (leapsAway(row, record, before) && !stays(row, { before, record, next }, session)) verdict = 'refuted';
  }
  return verdict;
}

function leapsAway(row: RowWithMost, record: Observed, before: Observed | undefined): boolean {
  const value = row.of(record.fields);
  if (value !== 0 && value !== row.most) return false;
  if (before) {
    const old = row.of(before.fields) ?? undefined;
    if (old === undefined || Math.abs(value - old) < row.leap) return false;
  } else if (!row.tellsAlone) return false;
  return !(row.isExplained?.(record, before) ?? false);
}

function stays({ name, of }: RowWithMost, { before, record, next }: Case, session: Session): boolean {
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

/** Volts by which cells move, together, when the current really changes. */
const MOVE = 0.003;

function moveCells({ fields }: Observed, before: Observed | undefined): boolean {
  if (!before) return false;
  const cells = 32 - Math.clz32(fields.enabledCells);
  return Math.abs(fields.packVoltage - before.fields.packVoltage) >= MOVE * Math.max(1, cells);
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
