import { fieldSize, layouts, ofVariants, type Field } from '@ubmsc/protocol';
import type { Case, Observed, Session, Verdict } from './observed.ts';

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

/** A device that leaves something in its slots, such as the resistance of a cell that was taken out, always does. */
export function shiftsSlots(record: Observed, before: Observed | undefined): boolean {
  const { filledSlots, silentLeads } = record;
  if (!before) return filledSlots > 0;
  return (filledSlots > 0 && before.filledSlots !== filledSlots) || silentLeads > before.silentLeads;
}

/** A cell that is added or taken out leaves at most its two slots filled, for one record. */
export function judgeSlots({ before, record, next }: Case): Verdict {
  const { filledSlots: filled, silentLeads: silent } = record;
  if (next.filledSlots === filled && next.silentLeads === silent) return 'confirmed';
  const usual = before?.silentLeads ?? silent;
  if (silent > usual && next.silentLeads <= usual) return 'refuted';
  const changed = Math.abs(next.cells - record.cells) + Math.abs(record.cells - (before ?? record).cells);
  return filled - next.filledSlots > 2 * changed ? 'refuted' : 'open';
}
