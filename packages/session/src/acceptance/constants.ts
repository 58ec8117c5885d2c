import { fieldSize, variants, layouts, type Field } from '@ubmsc/protocol';
import type { Case, Observed, Session, Verdict } from './observed.ts';

/** What a device says in every record and hardly ever changes: its cells, what it maps, how it is calibrated. */
const names: ReadonlySet<string> = new Set([
  'enabledCells',
  'enableFlags',
  'batteryVoltageCorrection',
  'flag260',
  'flag261',
]);

/** Offsets of the bytes of these fields, by variant. */
const offsets = Object.fromEntries(
  variants.map((variant) => {
    const fields: Readonly<Record<string, Field>> = layouts[variant].cellData.fields;
    const found = Object.entries(fields).filter(([name]) => names.has(name));
    return [
      variant,
      found.flatMap(([, field]) => Array.from({ length: fieldSize(field) }, (_, index) => field.at + index)),
    ];
  }),
);

function isLike(one: Observed, other: Observed): boolean {
  const { bytes, variant } = one;
  const steady = offsets[variant] ?? [];
  for (let index = 0; index < steady.length; index++) {
    const at = steady[index] ?? 0;
    if (bytes[at] !== other.bytes[at]) return false;
  }
  return true;
}

/** A share by which the two voltages of the pack may differ when its load changes between them. */
const SECOND_VOLTAGE = 0.05;

/** The first record of a link can only be compared with itself. */
function contradictsItself({ fields: { packVoltage, packVoltage2 = packVoltage } }: Observed): boolean {
  return Math.abs(packVoltage2 - packVoltage) > SECOND_VOLTAGE * packVoltage;
}

export function changesConstants(record: Observed, before: Observed | undefined): boolean {
  return before ? !isLike(before, record) : contradictsItself(record);
}

/** What was really changed stays; damage is gone in the next record. */
export function judgeConstants({ before, record, next }: Case, session: Session): Verdict {
  const isSame = isLike(record, next);
  if (session.stays('constants', isSame)) return 'confirmed';
  return isSame || !before || isLike(before, next) ? 'refuted' : 'open';
}
