import { cellDataJk02_32s, decode, encode, toReading, type Reading } from '@ubmsc/protocol';
import { newStatus, type BatterySource, type BatteryStatus } from '@ubmsc/session';

/** A reading with this many cells; `fields` are those of the record. */
export function readingOf(
  cells: number,
  fields: Parameters<typeof encode<typeof cellDataJk02_32s>>[1] = {},
): Reading {
  const record = encode(cellDataJk02_32s, {
    enabledCells: cells === 32 ? 0xffff_ffff : 2 ** cells - 1,
    cellVoltages: Array.from({ length: 32 }, (_, cell) => (cell < cells ? (3300 + cell) / 1000 : 0)),
    ...fields,
  });
  return toReading(decode(cellDataJk02_32s, record), { variant: 'jk02-32s', counter: 0, time: 0 });
}

/** A battery whose reading came at 0 and is stale after 10 s. */
export function statusOf(device: string, facts: Partial<BatteryStatus> = {}): BatteryStatus {
  return newStatus({
    device,
    address: 'C8:47:80:00:00:01',
    name: device,
    adapter: 'hci0',
    simulated: false,
    state: 'streaming',
    rssi: -60,
    reading: readingOf(4),
    readingTime: 0,
    ...facts,
  });
}

/** Batteries that are what a test says, with a clock that stands where a test sets it. */
export class TestBatteries implements BatterySource {
  statuses: readonly BatteryStatus[];
  time = 0;

  constructor(...statuses: readonly BatteryStatus[]) {
    this.statuses = statuses;
  }

  now(): number {
    return this.time;
  }

  observe(): Disposable {
    return { [Symbol.dispose]: () => {} };
  }
}
