import { EventEmitter } from 'node:events';
import type { BatteryEvent, BatterySource, BatteryStatus, LogEntry } from '@ubmsc/session';
import type { WantedBattery } from '../config/batteries.ts';

/** What watches the batteries of one adapter. */
export interface Watcher extends BatterySource, AsyncDisposable {
  /** Aborts, with the reason, when its adapter was given up. */
  readonly failed: AbortSignal;
  /** Begins to watch a battery: `device` is looked for, `name` is what it is called. */
  watch(name: string, device: string): void;
  /** Closes the link to a battery and knows nothing of it any more. */
  forget(name: string): Promise<void>;
  /** What a device has written down; rejects when it has no link, or keeps no logbook. */
  logbook?(name: string, signal?: AbortSignal): Promise<readonly LogEntry[]>;
}

/** Opens an adapter. Without batteries, it watches all that are found. */
export type OpenWatcher = (adapter: string, all: boolean) => Promise<Watcher>;

/** What shall be watched: these batteries, or all that an adapter finds. */
export type Wanted = readonly WantedBattery[] | { readonly allOf: string };

/** Devices by the names that outputs give them; undefined for all that are found. */
type Plan = ReadonlyMap<string, string> | undefined;

interface Watched {
  readonly watcher: Watcher;
  readonly subscription: Disposable;
  /** Aborts when it is watched no more. */
  readonly dropped: AbortController;
  /** What it watches now. */
  plan: Plan;
}

/** The batteries of a configuration, on one adapter or several. What is wanted may change while they are watched. */
export class WatchedBatteries implements BatterySource, AsyncDisposable {
  readonly #open: OpenWatcher;
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #watched = new Map<string, Watched>();
  readonly #failed = new AbortController();
  #order: readonly string[] = [];

  constructor(open: OpenWatcher) {
    this.#open = open;
    this.#events.setMaxListeners(0);
  }

  /** Aborts, with the reason, when the first adapter was given up. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  get statuses(): readonly BatteryStatus[] {
    const statuses = [...this.#watched.values()].flatMap(({ watcher }) => watcher.statuses);
    const place = ({ device }: BatteryStatus): number => this.#order.indexOf(device);
    return statuses.toSorted((one, other) => place(one) - place(other));
  }

  /** What a device has written down, oldest first. Rejects with a LinkError. */
  async logbook(device: string, signal?: AbortSignal): Promise<readonly LogEntry[]> {
    const found = [...this.#watched.values()].find(({ watcher }) =>
      watcher.statuses.some((status) => status.device === device),
    );
    return (await found?.watcher.logbook?.(device, signal)) ?? [];
  }

  now(): number {
    return performance.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#events.on('event', listener);
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) };
  }

  /**
   * Watches what is wanted, and that alone. Links to batteries that are wanted as before stay as they are. When an
   * adapter cannot be opened, it rejects and all is as it was. Wait for it before it is called again.
   */
  async set(wanted: Wanted): Promise<void> {
    const plans = plansOf(wanted);
    const opened = await this.#openMissing(plans);
    for (const adapter of this.#watched.keys()) if (!plans.has(adapter)) await this.#drop(adapter);
    this.#order = 'allOf' in wanted ? [] : wanted.map(({ name }) => name);
    for (const [adapter, plan] of plans) {
      const before = this.#watched.get(adapter);
      // An adapter cannot be open twice, so here the old one is closed first.
      if (before && (before.plan === undefined) !== (plan === undefined)) await this.#drop(adapter);
      const watched =
        this.#watched.get(adapter) ??
        this.#keep(adapter, opened.get(adapter) ?? (await this.#open(adapter, plan === undefined)), plan);
      if (plan) await follow(watched, plan);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#watched.keys()].map(async (adapter) => await this.#drop(adapter)));
  }

  /** Opens the adapters that are not open yet: all of them, or none. */
  async #openMissing(plans: ReadonlyMap<string, Plan>): Promise<ReadonlyMap<string, Watcher>> {
    const opened = new Map<string, Watcher>();
    try {
      for (const [adapter, plan] of plans) {
        if (!this.#watched.has(adapter)) opened.set(adapter, await this.#open(adapter, plan === undefined));
      }
      return opened;
    } catch (error) {
      await Promise.allSettled(
        [...opened.values()].map(async (watcher) => await watcher[Symbol.asyncDispose]()),
      );
      throw error;
    }
  }

  #keep(adapter: string, watcher: Watcher, plan: Plan): Watched {
    const subscription = watcher.observe((event) => void this.#events.emit('event', event));
    const { failed } = watcher;
    const dropped = new AbortController();
    const onFailed = (): void => this.#failed.abort(failed.reason);
    failed.addEventListener('abort', onFailed, { once: true, signal: dropped.signal });
    const watched = { watcher, subscription, dropped, plan: plan && new Map<string, string>() };
    this.#watched.set(adapter, watched);
    return watched;
  }

  async #drop(adapter: string): Promise<void> {
    const watched = this.#watched.get(adapter);
    this.#watched.delete(adapter);
    watched?.dropped.abort();
    await watched?.watcher[Symbol.asyncDispose]();
    watched?.subscription[Symbol.dispose]();
  }
}

function plansOf(wanted: Wanted): ReadonlyMap<string, Plan> {
  if ('allOf' in wanted) return new Map([[wanted.allOf, undefined]]);
  const plans = new Map<string, Map<string, string>>();
  for (const { adapter, name, device } of wanted) {
    plans.set(adapter, (plans.get(adapter) ?? new Map<string, string>()).set(name, device));
  }
  return plans;
}

/** Forgets what is no longer wanted, then watches what is new: a battery may have another name now. */
async function follow(watched: Watched, plan: ReadonlyMap<string, string>): Promise<void> {
  const { watcher, plan: before = new Map<string, string>() } = watched;
  for (const [name, device] of before) if (plan.get(name) !== device) await watcher.forget(name);
  for (const [name, device] of plan) if (before.get(name) !== device) watcher.watch(name, device);
  watched.plan = plan;
}
