import { fieldSize, type Field } from '@ubmsc/protocol';
import type { Variant } from '@ubmsc/protocol';
import { layouts } from '@ubmsc/protocol';
import type { Objection, Observed } from './observed.ts';

/**
 * When notifications are lost from the middle of one record to the same place in the next, 300 bytes remain whose parts
 * are one period apart. The shortest period is 0.43 s (reference, section 3.3), less what a radio may bring late; an
 * undamaged record hardly ever waits half of that for its rest.
 */
const LONG = 215;

const end = (field: Field): number => field.at + fieldSize(field);

/** Where a reading's first value begins, and where its last one ends, in each variant. */
const shown: Readonly<Record<Variant, readonly [start: number, end: number]>> = {
  jk04: [6, end(layouts.jk04.cellData.fields.runtimeSincePowerOn)],
  'jk02-24s': [6, end(layouts['jk02-24s'].cellData.fields.emergencyTimer)],
  'jk02-32s': [6, end(layouts['jk02-32s'].cellData.fields.enableFlags)],
};

/** What speaks against a record that came in two parts: its values may be of two records. */
export function objectionToPauses({ variant, fields, arrival }: Observed): Objection | undefined {
  const [from, to] = shown[variant];
  if (!arrival.pauses.some(({ at, length }) => length >= LONG && at > from && at < to)) return undefined;
  return {
    doubt: 'pause',
    name: 'pause',
    witnesses: 1,
    // One that is of two is followed by the next but one. The same records over RS485 do not count.
    isBorneOut: (next) => ((next.fields.frameCounter - fields.frameCounter) & 0xff) <= 1,
  };
}
