import type { BatteryEvent, BatterySource, BatteryStatus } from '@ubmsc/session';
import type { Fleet, Wanted, WantedBattery } from '@ubmsc/client';

/** What shall be watched all the time, and what only while somebody asks for it. */
export interface Plan {
  readonly kept: Wanted;
  readonly onDemand: readonly WantedBattery[];
}

/**
 * Batteries of which some are watched only while they are read: their links are free for others at all other times.
 * As a source, it is of those that are watched all the time.
 */
export class OnDemandBatteries implements BatterySource {
  readonly #batteries: Fleet;
  #plan: Plan;
  /** How many read each battery now. */
  readonly #readers = new Map<string, number>();
  #setting: Promise<void> = Promise.resolve();

  constructor(batteries: Fleet, plan: Plan) {
    this.#batteries = batteries;
    this.#plan = plan;
  }

  /** Names of all batteries that can be read. */
  get targets(): readonly string[] {
    return [...this.statuses.map(({ device }) => device), ...this.#plan.onDemand.map(({ name }) => name)];
  }

  get statuses(): readonly BatteryStatus[] {
    return this.#batteries.statuses.filter(({ device }) => !this.#isOnDemand(device));
  }

  now(): number {
    return this.#batteries.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    return this.#batteries.observe((event) => {
      if (!this.#isOnDemand(event.status.device)) listener(event);
    });
  }

  /** Watches what the plan says; rejects as {@link Fleet.set} does. */
  async watch(): Promise<void> {
    await this.#apply();
  }

  /** Changes what is watched; rejects as {@link Fleet.set} does, and all is as it was. */
  async set(plan: Plan): Promise<void> {
    const before = this.#plan;
    this.#plan = plan;
    try {
      await this.#apply();
    } catch (error) {
      this.#plan = before;
      throw error;
    }
  }

  /**
   * What is known of a battery. One that is not watched all the time is, until a reading has come or the signal aborts.
   * Rejects when its adapter cannot be opened.
   */
  async read(name: string, signal: AbortSignal): Promise<BatteryStatus | undefined> {
    if (!this.#isOnDemand(name)) return this.statuses.find(({ device }) => device === name);
    this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
    try {
      await this.#apply();
      const status = await readingOf(name, this.#batteries, signal);
      return status ?? this.#batteries.statuses.find(({ device }) => device === name);
    } finally {
      const others = (this.#readers.get(name) ?? 1) - 1;
      if (others > 0) this.#readers.set(name, others);
      else this.#readers.delete(name);
      // Closing the link takes its time, for which nobody needs to wait; a fault of it shows at the next reading.
      this.#apply().catch(() => {});
    }
  }

  #isOnDemand(device: string): boolean {
    return this.#plan.onDemand.some(({ name }) => name === device);
  }

  /** One change after the other, each to what is wanted by then. */
  async #apply(): Promise<void> {
    const before = this.#setting;
    const apply = async (): Promise<void> => {
      await before;
      const { kept, onDemand } = this.#plan;
      const read = onDemand.filter(({ name }) => this.#readers.has(name));
      await this.#batteries.set('allOf' in kept ? kept : [...kept, ...read]);
    };
    const applied = apply();
    this.#setting = applied.catch(() => {});
    await applied;
  }
}

/** Resolves with the status that the next reading of a battery comes with; undefined when the signal aborts before. */
async function readingOf(
  name: string,
  source: BatterySource,
  signal: AbortSignal,
): Promise<BatteryStatus | undefined> {
  return await new Promise((resolve) => {
    const end = (status?: BatteryStatus): void => {
      watching[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
      resolve(status);
    };
    const onAbort = (): void => end();
    const watching = source.observe((event) => {
      if (event.kind === 'reading' && event.status.device === name) end(event.status);
    });
    if (signal.aborted) end();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The plan of a run: without batteries of its own it watches all that are found, unless some are read on demand. */
export function planOf(
  batteries: readonly WantedBattery[] | undefined,
  onDemand: readonly WantedBattery[],
  adapter: string,
): Plan {
  const isOther = ({ name }: WantedBattery): boolean => !onDemand.some((battery) => battery.name === name);
  if (batteries) return { kept: batteries.filter(isOther), onDemand };
  return { kept: onDemand.length > 0 ? [] : { allOf: adapter }, onDemand };
}
