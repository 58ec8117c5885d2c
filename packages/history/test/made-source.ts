import { cellFields, FRAME_LENGTH, sealFrame, toReading, type Reading } from '@ubmsc/protocol';
import { noCounters, type BatteryEvent, type BatteryStatus } from '@ubmsc/session';

const frame = sealFrame('cellData', new Uint8Array(FRAME_LENGTH));

/** A reading of 16 cells in which everything else is absent or 0. */
export function readingWith(values: Partial<Reading>, time: number): Reading {
  const reading = toReading(cellFields(frame, 'jk02-32s'), { variant: 'jk02-32s', counter: 0, time });
  return { ...reading, alarms: [], ...values };
}

export function statusWith(values: Partial<BatteryStatus>): BatteryStatus {
  return {
    device: 'A',
    address: 'C8:47:80:00:00:01',
    name: undefined,
    adapter: 'hci0',
    simulated: false,
    state: 'streaming',
    reason: undefined,
    message: undefined,
    since: 0,
    rssi: undefined,
    deviceInfo: undefined,
    reading: undefined,
    frame: undefined,
    readingTime: undefined,
    staleAfter: 10_000,
    counters: noCounters,
    ...values,
  };
}

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
