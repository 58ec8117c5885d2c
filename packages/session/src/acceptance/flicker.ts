import { isNumeric, layouts, numberSizes, ofVariants, type Field } from '@ubmsc/protocol';
import { enabledVoltages, type Case, type Observed, type Session, type Verdict } from './observed.ts';

/** Whether another value of the same record says the same. */
type Explained = (record: Observed, before: Observed | undefined) => boolean;

/** Values that have been seen to go to 0 or to the most that their field holds, and how far they must go, in their unit. */
// A table is read by its columns:
// prettier-ignore
const rows: readonly (readonly [names: readonly string[], leap: number, isExplained?: Explained])[] = [
  [['packCurrent'], 1, endsPower],
  [['stateOfCharge', 'remainingCapacity', 'fullChargeCapacity'], 5, agreesOnCharge],
  [['chargeMosOn', 'dischargeMosOn'], 1, changesCurrent],
  [['cycleCount', 'cycleCapacity'], 2],
  [['stateOfHealth'], 5],
  [['mosTemperature', 'temperature1', 'temperature2', 'temperature3', 'temperature4', 'temperature5'], 10],
  [['cellVoltages'], 1, isNotInPack],
];

/** Where such a value is in a record, in numbers as they are on the wire. */
interface Place {
  readonly name: string;
  readonly at: number;
  readonly size: number;
  readonly leap: number;
  readonly most: number;
  readonly absent: number | undefined;
  readonly isExplained: Explained | undefined;
}

/** Those of cells come last. */
const places = ofVariants((variant) =>
  rows.flatMap(([names, leap, isExplained]) => {
    const fields: Readonly<Record<string, Field>> = layouts[variant].cellData.fields;
    return names.flatMap((name): Place[] => {
      const field = fields[name];
      if (!field || !isNumeric(field)) return [];
      const { at, type, count = 1, divisor = 1, absent } = field;
      const size = numberSizes[type];
      const most = 2 ** (8 * size - (type.startsWith('i') ? 1 : 0)) - 1;
      return Array.from({ length: count }, (_, index) => ({
        name,
        at: at + index * size,
        size,
        leap: leap * divisor,
        most,
        absent,
        isExplained,
      }));
    });
  }),
);

const cellSlots = ofVariants((variant) => layouts[variant].cellData.fields.cellVoltages.count);

/** The values of a record that have leapt although nothing else says so. The first one of a link can only contradict itself. */
function leaping(record: Observed, before: Observed | undefined, session: Session): readonly Place[] {
  let found: Place[] | undefined;
  const all = places[record.variant];
  const end = all.length - cellSlots[record.variant] + record.cells;
  for (let index = 0; index < end; index++) {
    const place = all[index];
    const lowest = record.bytes[place?.at ?? 0];
    if (!place || (lowest !== 0 && lowest !== 0xff)) continue;
    const value = numberAt(record.bytes, place);
    if ((value !== 0 && value !== place.most) || session.loose.has(place.name)) continue;
    const old = before && numberAt(before.bytes, place);
    if (old !== undefined && (old === place.absent || Math.abs(value - old) < place.leap)) continue;
    if (place.isExplained ? !place.isExplained(record, before) : before) (found ??= []).push(place);
  }
  return found ?? NONE;
}

const NONE: readonly Place[] = [];

function numberAt(bytes: Uint8Array, { at, size, most }: Place): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value > most ? value - 256 ** size : value;
}

export const flickers = (record: Observed, before: Observed | undefined, session: Session): boolean =>
  leaping(record, before, session).length > 0;

/** What has flickered is back in the next record. */
export function judgeFlicker({ before, record, next }: Case, session: Session): Verdict {
  let verdict: Verdict = 'confirmed';
  for (const place of leaping(record, before, session)) {
    if (place.name === 'packCurrent' && hasEnded(record, before, next)) continue;
    const [value, now] = [numberAt(record.bytes, place), numberAt(next.bytes, place)];
    const isSo = before
      ? Math.abs(now - value) <= Math.abs(now - numberAt(before.bytes, place))
      : now === value;
    if (!session.stays(place.name, isSo)) verdict = 'refuted';
  }
  return verdict;
}

/** The state of charge is the remaining capacity as a share of the full one, in 602 of 603 records (reference, section 12). */
function agreesOnCharge({ fields }: Observed): boolean {
  const { stateOfCharge = 0, remainingCapacity = 0, fullChargeCapacity = 0 } = fields;
  // Balancers that speak this layout count no charge (reference, section 4.1).
  if (remainingCapacity === 0 && fullChargeCapacity === 0) return true;
  return Math.abs(stateOfCharge - (100 * remainingCapacity) / fullChargeCapacity) <= 5;
}

/** A MOSFET that opens ends a current. */
function changesCurrent({ fields: { packCurrent = 0 } }: Observed, before: Observed | undefined): boolean {
  const was = before?.fields.packCurrent;
  return was === undefined || Math.abs(packCurrent - was) > Math.max(1, 0.2 * Math.abs(was));
}

/** The device's power as a share of what it was, or of what flows, whichever is more. */
function shareOfPower(packPower: number, { fields }: Observed, powerBefore: number): number {
  return packPower / Math.max(powerBefore, Math.abs(fields.packVoltage * (fields.packCurrent ?? 0)));
}

/** A current that has ended leaves less than half of the power. */
function endsPower({ fields: { packPower = 0 } }: Observed, before: Observed | undefined): boolean {
  return before === undefined || shareOfPower(packPower, before, before.fields.packPower ?? 0) < 0.5;
}

/**
 * Whether a current that is 0 in one record had really ended. Devices compute power from this sample, from the one
 * before, or from both: what is missing of it in this record and in the next is one whole then, and nothing otherwise.
 */
function hasEnded(
  { fields: { packPower = 0 } }: Observed,
  before: Observed | undefined,
  next: Observed,
): boolean {
  const share = before ? shareOfPower(packPower, before, before.fields.packPower ?? 0) : 1;
  return share + shareOfPower(next.fields.packPower ?? 0, next, packPower) < 1.5;
}

/** Volts that the pack has more than its cells when one of them is connected and reads 0 V. */
const MISSING = 0.5;

/** A cell that reads 0 V is missing in the voltage of the pack, too. */
function isNotInPack(record: Observed): boolean {
  const sum = enabledVoltages(record).reduce((total, voltage) => total + voltage, 0);
  return record.fields.packVoltage - sum < MISSING;
}

/** Learns that a probe has a loose contact, from two records that nothing speaks against: then it may read anything. */
export function learnLoose(before: Observed, record: Observed, session: Session): void {
  for (const place of probes[record.variant]) {
    if (record.bytes[place.at + 1] === before.bytes[place.at + 1]) continue;
    const moved = Math.abs(numberAt(record.bytes, place) - numberAt(before.bytes, place));
    if (4 * moved >= place.leap) session.loose.add(place.name);
  }
}

const probes = ofVariants((variant) => places[variant].filter(({ name }) => name.startsWith('temperature')));
