import type { AirFaults, ErrorName, FaultyConnection } from '@ubmsc/hci';
import type { Fault, MakeFault } from './fault.ts';

/** The faults that act on one device now, in the order in which they were asked for. They can be changed at any time. */
export class ActiveFaults {
  /** The faults of the air as one: a PDU, event or command has to get past all of them. */
  readonly air: AirFaults;
  /** Numbers from 0 to 1 for faults. */
  readonly random: () => number;
  readonly #listeners = new Set<() => void>();
  #all: readonly Fault[] = [];
  #timers = new Set<NodeJS.Timeout>();
  #connection: FaultyConnection | undefined;

  constructor(random: () => number) {
    this.random = random;
    this.air = {
      passes: (type, direction) => this.#air.every((air) => air.passes?.(type, direction) ?? true),
      takes: (frame) => this.#air.every((air) => air.takes?.(frame) ?? true),
      tells: (event) => this.#air.every((air) => air.tells?.(event) ?? true),
      rssi: () => this.#air.flatMap((air) => air.rssi?.() ?? []).at(-1),
      admits: () => this.#air.every((air) => air.admits?.() ?? true),
      obeys: (command, parameters, controller) =>
        this.#air.every((air) => air.obeys?.(command, parameters, controller) ?? true),
      connected: (connection) => {
        this.#connection = connection;
        for (const air of this.#air) air.connected?.(connection);
      },
      disconnected: (reason) => {
        this.#connection = undefined;
        for (const air of this.#air) air.disconnected?.(reason);
      },
    };
  }

  get all(): readonly Fault[] {
    return this.#all;
  }

  /** Ends the faults that act, and begins with these: on a link that is there, too. */
  set(makers: readonly MakeFault[]): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const timers = new Set<NodeJS.Timeout>();
    this.#timers = timers;
    const after = (milliseconds: number, run: () => void): void => {
      if (timers !== this.#timers) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, milliseconds).unref();
      timers.add(timer);
    };
    this.#all = makers.map((make) => make({ random: this.random, after }));
    for (const listener of this.#listeners) listener();
    if (this.#connection) for (const air of this.#air) air.connected?.(this.#connection);
  }

  /** Ends the link in an ether with this reason. Returns false where there is none that can be ended so. */
  loseLink(reason: ErrorName): boolean {
    this.#connection?.lose(reason);
    return this.#connection !== undefined;
  }

  /** Calls `listener` whenever the faults have changed, until the subscription is disposed of. */
  observe(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  get #air(): readonly AirFaults[] {
    return this.#all.flatMap(({ air }) => air ?? []);
  }
}
