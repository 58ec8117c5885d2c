import type { BatteryEvent, BatterySource, BatteryStatus } from '@ubmsc/session';

/** A source that is still to come: it has no batteries until then. So the screen stands before Bluetooth is loaded. */
export class ComingSource implements BatterySource {
  readonly #listeners = new Map<(event: BatteryEvent) => void, Disposable | undefined>();
  #source: BatterySource | undefined;

  get statuses(): readonly BatteryStatus[] {
    return this.#source?.statuses ?? [];
  }

  /** Sources count the time of this process, too. */
  now(): number {
    return this.#source?.now() ?? performance.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#listeners.set(listener, this.#source?.observe(listener));
    return {
      [Symbol.dispose]: () => {
        this.#listeners.get(listener)?.[Symbol.dispose]();
        this.#listeners.delete(listener);
      },
    };
  }

  /** The source has come: from now on this is as good as that. */
  come(source: BatterySource): void {
    this.#source = source;
    for (const listener of this.#listeners.keys()) this.#listeners.set(listener, source.observe(listener));
  }
}
