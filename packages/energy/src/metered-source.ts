import type { BatteryEvent, BatterySource, BatteryStatus } from '@ubmsc/session';
import { batteryKey } from './battery-key.ts';
import type { EnergyMeters } from './energy-meters.ts';

/** What adds up, or reads what another process adds up. */
export type Meters = Pick<EnergyMeters, 'add' | 'totals'>;

/**
 * A source whose statuses have energy totals, which it adds up from the readings of another one. A reading that is in
 * doubt is in no total.
 */
export class MeteredSource implements BatterySource, Disposable {
  readonly #source: BatterySource;
  readonly #meters: Meters;
  readonly #observing: Disposable;

  constructor(source: BatterySource, meters: Meters) {
    this.#source = source;
    this.#meters = meters;
    this.#observing = source.observe((event) => this.#add(event));
  }

  get statuses(): readonly BatteryStatus[] {
    return this.#source.statuses.map((status) => this.#metered(status));
  }

  now(): number {
    return this.#source.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    return this.#source.observe((event) => listener({ ...event, status: this.#metered(event.status) }));
  }

  [Symbol.dispose](): void {
    this.#observing[Symbol.dispose]();
  }

  #add(event: BatteryEvent): void {
    if (event.kind !== 'reading') return;
    const { status, reading, time } = event;
    const { batteryPower: power, batteryCurrent: current, doubt } = reading;
    const key = batteryKey(status);
    const at = status.readingTime;
    if (key === undefined || at === undefined || power === null || current === null) return;
    if (doubt !== undefined) return;
    this.#meters.add({ key, name: status.device }, { time: at, power, current }, time);
  }

  #metered(status: BatteryStatus): BatteryStatus {
    const key = batteryKey(status);
    return { ...status, energy: key === undefined ? undefined : this.#meters.totals(key) };
  }
}
