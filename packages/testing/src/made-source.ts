import { EventEmitter } from 'node:events';
import { cellFields, FRAME_LENGTH, sealFrame, toReading, type Reading } from '@ubmsc/protocol';
import { newStatus, type BatteryEvent, type BatterySource, type BatteryStatus } from '@ubmsc/session';

const frame = sealFrame('cellData', new Uint8Array(FRAME_LENGTH));

/** A reading in which everything else is absent or 0. */
export function readingWith(values: Partial<Reading>, time = 0): Reading {
  const fields = cellFields(frame, 'jk02-32s');
  const reading = toReading(fields, { variant: 'jk02-32s', counter: 0, time });
  return { ...reading, alarms: [], ...values };
}

/** A battery that nothing is known of yet. */
export function statusWith(values: Partial<BatteryStatus>): BatteryStatus {
  return newStatus({
    device: 'A',
    address: 'C8:47:80:00:00:01',
    adapter: 'hci0',
    simulated: false,
    state: 'streaming',
    ...values,
  });
}

/** A source whose clock and readings a test makes. */
export class MadeSource implements BatterySource {
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #statuses = new Map<string, BatteryStatus>();
  /** Milliseconds. */
  time = 0;
  /** What the wall clock shows at time 0. */
  wallClock = Date.UTC(2026, 10, 29, 12);

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

  /** Sets what is known of a battery. */
  know(values: Partial<BatteryStatus>): BatteryStatus {
    const status = { ...statusWith({}), ...this.#statuses.get(values.device ?? 'A'), ...values };
    this.#statuses.set(status.device, status);
    return status;
  }

  /** A reading comes. */
  read(values: Partial<Reading>, known: Partial<BatteryStatus> = {}): void {
    const time = this.wallClock + this.time;
    const reading = readingWith(values, time);
    const status = this.know({ ...known, reading, readingTime: this.time });
    this.#events.emit('event', { kind: 'reading', time, status, reading });
  }

  /** A battery comes into another state. */
  move(values: Partial<BatteryStatus>): void {
    const from = this.#statuses.get(values.device ?? 'A')?.state ?? 'waiting';
    const status = this.know(values);
    this.#events.emit('event', { kind: 'state', time: this.wallClock + this.time, from, status });
  }
}
