import { EventEmitter } from 'node:events';
import {
  type AlarmName,
  alarms,
  cellDataJk02_32s,
  decodeReading,
  encode,
  type Frame,
  type Values,
} from '@ubmsc/protocol';
import {
  type BatteryEvent,
  type BatterySource,
  type BatteryStatus,
  newStatus,
  type SessionState,
} from '@ubmsc/session';

/** The moment at which tests begin, by the wall clock. */
export const epoch = Date.UTC(2025, 2, 4, 5, 6, 7);

/** A record as a battery would send it. */
export interface Given {
  readonly cells?: readonly number[];
  readonly current?: number;
  readonly percent?: number;
  readonly alarms?: readonly AlarmName[];
  readonly fields?: Partial<Values<typeof cellDataJk02_32s>>;
}

let counter = 0;

export function cellData({
  cells = [3.312, 3.318, 3.315, 3.316],
  current = -12.4,
  percent = 62,
  alarms: active = [],
  fields,
}: Given = {}): Frame {
  const capacity = 280;
  return encode(cellDataJk02_32s, {
    frameCounter: counter++ & 0xff,
    cellVoltages: cells,
    enabledCells: cells.length >= 32 ? 0xffffffff : 2 ** cells.length - 1,
    cellWireResistances: cells.map((_, index) => (50 + index) / 1000),
    packVoltage: cells.reduce((sum, cell) => sum + cell, 0),
    packCurrent: current,
    stateOfCharge: percent,
    remainingCapacity: (capacity * percent) / 100,
    fullChargeCapacity: capacity,
    cycleCount: 50,
    cycleCapacity: 14_000,
    totalRuntime: 4_000_000,
    chargeMosOn: 1,
    dischargeMosOn: 1,
    temperature1: 21.3,
    temperature2: 21.7,
    mosTemperature: 24.1,
    alarms: active.reduce((mask, name) => mask + 2 ** alarms[name].bit, 0),
    ...fields,
  });
}

/** Batteries whose readings and states a test tells, with a clock that a test sets. */
export class FakeSource implements BatterySource {
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #statuses = new Map<string, BatteryStatus>();
  time = 1_000_000;
  /** What the wall clock is ahead of what it should be, in milliseconds. */
  wallOffset = 0;

  get statuses(): readonly BatteryStatus[] {
    return [...this.#statuses.values()];
  }

  now(): number {
    return this.time;
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#events.on('event', listener);
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) };
  }

  /** By the wall clock. */
  get wall(): number {
    return epoch + this.time - 1_000_000 + this.wallOffset;
  }

  add(device: string, own: Partial<BatteryStatus> = {}): void {
    const status = newStatus({
      device,
      address: 'C8:47:80:00:00:01',
      name: device,
      adapter: 'hci0',
      simulated: false,
      since: this.time,
      rssi: -60,
      ...own,
    });
    this.#statuses.set(device, status);
  }

  move(device: string, state: SessionState, own: Partial<BatteryStatus> = {}): void {
    const before = this.#of(device);
    const status = { ...before, reason: undefined, message: undefined, ...own, state, since: this.time };
    this.#statuses.set(device, status);
    this.#events.emit('event', { kind: 'state', time: this.wall, from: before.state, status });
  }

  read(device: string, given: Given = {}): void {
    if (this.#of(device).state !== 'streaming') this.move(device, 'streaming');
    const frame = cellData(given);
    const reading = decodeReading(frame, 'jk02-32s', this.wall);
    const status = { ...this.#of(device), reading, frame, readingTime: this.time };
    this.#statuses.set(device, status);
    this.#events.emit('event', { kind: 'reading', time: this.wall, status, reading });
  }

  /** A reading each `step` milliseconds for this number of milliseconds. */
  stream(
    device: string,
    milliseconds: number,
    given: (elapsed: number) => Given = () => ({}),
    step = 500,
  ): void {
    for (let elapsed = 0; elapsed < milliseconds; elapsed += step) {
      this.time += step;
      this.read(device, given(elapsed));
    }
  }

  #of(device: string): BatteryStatus {
    const status = this.#statuses.get(device);
    if (!status) throw new Error(`no battery ${device}`);
    return status;
  }
}
