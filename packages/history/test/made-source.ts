import type { Reading } from '@ubmsc/protocol';
import type { BatteryEvent, BatteryStatus } from '@ubmsc/session';
// Without the rest of that package: a process that is started many times imports this.
import { readingWith, statusWith } from '@ubmsc/testing/made-source';

/** What a status of this battery is kept under. */
export const BATTERY = 'C8-47-80-00-00-01';

/** A reading that has come. */
export function readingEvent(
  values: Partial<Reading>,
  time: number,
  known: Partial<BatteryStatus> = {},
): Extract<BatteryEvent, { kind: 'reading' }> {
  const reading = readingWith(values, time);
  const status = statusWith({ ...known, reading, readingTime: known.readingTime ?? time });
  return { kind: 'reading', time, status, reading };
}
