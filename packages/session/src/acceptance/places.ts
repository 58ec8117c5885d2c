import { fieldSize, layouts, ofVariants, type Field } from '@ubmsc/protocol';
import { slots, type Case, type Observed, type Session, type Verdict } from './observed.ts';

/** What a device says in every record and hardly ever changes: its cells, what it maps, how it is calibrated. */
const constants: ReadonlySet<string> = new Set([
  'enabledCells',
  'enableFlags',
  'batteryVoltageCorrection',
  'flag260',
  'flag261',
]);

/** Offsets of the bytes of the constants. */
const offsets = ofVariants((variant) =>
  Object.entries<Field>(layouts[variant].cellData.fields)
    .filter(([name]) => constants.has(name))
    .flatMap(([, field]) => Array.from({ length: fieldSize(field) }, (_, index) => field.at + index)),
);

function hasConstantsOf({ bytes, variant }: Observed, other: Observed): boolean {
  for (const at of offsets[variant]) if (bytes[at] !== other.bytes[at]) return false;
  return true;
}

/** A share by which the two voltages of the pack may differ when its load changes between them. */
const SECOND_VOLTAGE = 0.05;

/** The first record of a link can only be compared with itself. */
export function changesConstants(record: Observed, before: Observed | undefined): boolean {
  if (before) return !hasConstantsOf(record, before);
  const { packVoltage, packVoltage2 = packVoltage } = record.fields;
  return Math.abs(packVoltage2 - packVoltage) > SECOND_VOLTAGE * packVoltage;
}

/** What was really changed stays; damage is gone in the next record. */
export function judgeConstants({ before, record, next }: Case, session: Session): Verdict {
  const isSame = hasConstantsOf(next, record);
  if (session.stays('constants', isSame)) return 'confirmed';
  return isSame || !before || hasConstantsOf(next, before) ? 'refuted' : 'open';
}

/** How many numbers after the last cell are not 0. */
function filledSlots({ bytes, variant, cells }: Observed): number {
  const { voltages, leads, size, count } = slots[variant];
  let filled = 0;
  for (let at = cells * size; at < count * size; at += size) {
    if (bytes[leads + at] !== 0 || bytes[leads + at + size - 1] !== 0) filled++;
    if (bytes[voltages + at] !== 0 || bytes[voltages + at + size - 1] !== 0) filled++;
  }
  return filled;
}

/** How many cells have a lead whose resistance reads 0, other than all, where nothing was measured. */
function silentLeads({ bytes, variant, cells }: Observed): number {
  const { leads, size } = slots[variant];
  let silent = 0;
  for (let at = leads; at < leads + cells * size; at += size)
    if (bytes[at] === 0 && bytes[at + size - 1] === 0) silent++;
  return silent === cells ? 0 : silent;
}

/** A device that leaves something in its slots, such as the resistance of a cell that was taken out, always does. */
export function shiftsSlots(record: Observed, before: Observed | undefined): boolean {
  const filled = filledSlots(record);
  if (!before) return filled > 0;
  return (filled > 0 && filledSlots(before) !== filled) || silentLeads(record) > silentLeads(before);
}

/** A cell that is added or taken out leaves at most its two slots filled, for one record. */
export function judgeSlots({ before, record, next }: Case): Verdict {
  const [filled, silent] = [filledSlots(record), silentLeads(record)];
  const [filledNext, silentNext] = [filledSlots(next), silentLeads(next)];
  if (filledNext === filled && silentNext === silent) return 'confirmed';
  const usual = before ? silentLeads(before) : silent;
  if (silent > usual && silentNext <= usual) return 'refuted';
  const changed = Math.abs(next.cells - record.cells) + Math.abs(record.cells - (before ?? record).cells);
  return filled - filledNext > 2 * changed ? 'refuted' : 'open';
}
