import { EventEmitter } from 'node:events';
import {
  type LogEntry,
  AdapterError,
  type BatteryEvent,
  type BatterySource,
  type BatteryStatus,
} from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import type { Adapter } from './adapter.ts';
import { AdapterKeeper, type KeeperOptions } from './adapter-keeper.ts';
import type { BatteryOptions } from './battery.ts';
import type { Device } from './device.ts';
import { discover } from './discover.ts';
import { splitAdapters } from './central/transports.ts';
import { parseDeviceSpec } from './device-spec.ts';
import { log } from '@ubmsc/base';
import { openAdapter, type AdapterOptions } from './open-adapter.ts';
import { pause, withinTime } from '@ubmsc/base';
import { WatchedBattery } from './watched-battery.ts';

export interface FleetOptions extends BatteryOptions, AdapterOptions, KeeperOptions {
  /** What finds the batteries: `hci0`, `sim:3`, `unix:/path`; several with commas between them. */
  readonly adapter: string;
  /** Names or addresses, `NAME@hci1` on an adapter of its own; every JK battery that is heard when left out. */
  readonly devices?: readonly string[] | undefined;
  /** What a battery that was found is called; undefined for what it advertises, or its address. */
  readonly nameOf?: ((address: string, advertised: string | undefined) => string) | undefined;
}

/** Most batteries that are watched because they were heard: names on the air are anybody's. */
const MOST_BATTERIES = 64;

/** How long new batteries are listened for, and how long not, in milliseconds. */
const DISCOVERY = { listen: 30_000, rest: 60_000 };

/** How long closing may take, in milliseconds. */
const CLOSE_TIMEOUT = 1500;

interface Watched {
  readonly battery: WatchedBattery;
  readonly stop: AbortController;
  /** Resolves when it is watched no more. */
  readonly running: Promise<void>;
}

/**
 * Opens the adapters and watches their batteries, until it is closed. Rejects with an AdapterError when one cannot be
 * opened; once it could, it is opened again as often as it takes.
 */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const specs = new Set(splitAdapters(options.adapter));
  for (const device of options.devices ?? []) {
    const { adapter } = parseDeviceSpec(device);
    if (adapter !== undefined) specs.add(adapter);
  }
  const opened: Adapter[] = [];
  try {
    for (const spec of specs) opened.push(await openAdapter(spec, options));
    return new Fleet(opened, options);
  } catch (error) {
    await Promise.allSettled(opened.map(async (adapter) => await adapter.close()));
    throw error;
  }
}

/** Batteries that are watched: each is connected, read, and connected again when its link fails. */
export class Fleet implements BatterySource, AsyncDisposable {
  readonly #keepers: readonly AdapterKeeper[];
  readonly #options: FleetOptions;
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  /** There are more batteries than are watched, which was said. */
  #leavesOut = false;
  readonly #batteries = new Map<string, Watched>();
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(adapters: readonly Adapter[], options: FleetOptions) {
    this.#keepers = adapters.map((adapter) => new AdapterKeeper(adapter, options));
    this.#options = options;
    this.#events.setMaxListeners(0);
    for (const keeper of this.#keepers) this.#run(keeper.run(this.#closing.signal));
    if (options.devices) options.devices.forEach((spec) => this.watch(parseDeviceSpec(spec).device, spec));
    else for (const keeper of this.#keepers) this.#run(this.#discover(keeper));
  }

  get statuses(): readonly BatteryStatus[] {
    return [...this.#batteries.values()].map(({ battery }) => battery.status);
  }

  /** Whether any of the adapters is simulated. */
  get simulated(): boolean {
    return this.#keepers.some(({ adapter }) => adapter.simulated);
  }

  /** How many batteries there will be, where that is known. */
  get expected(): number | undefined {
    return this.#options.devices?.length ?? this.#keepers[0]?.adapter.expected;
  }

  /** Aborts with an AdapterError when an adapter was gone for longer than `giveUpAfter`. */
  get failed(): AbortSignal {
    return AbortSignal.any(this.#keepers.map(({ failed }) => failed.signal));
  }

  now(): number {
    return performance.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#events.on('event', listener);
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) };
  }

  /**
   * Watches one more battery under this name: `device` is its name or address, `NAME@hci1` on an adapter of its own.
   * @throws {UsageError} that adapter is not open.
   */
  watch(name: string, spec: string): void {
    const { device, adapter } = parseDeviceSpec(spec);
    const keepers = this.#keepers.filter(
      (keeper) => adapter === undefined || [keeper.adapter.spec, keeper.adapter.title].includes(adapter),
    );
    if (keepers.length === 0) {
      throw new UsageError(
        `the adapter ${JSON.stringify(adapter)} is not open`,
        'name it with --adapter, too',
      );
    }
    this.#watch(name, device, keepers);
  }

  /** Knows nothing of a battery any more. Resolves when it is free for others. */
  async forget(name: string): Promise<void> {
    const watched = this.#batteries.get(name);
    this.#batteries.delete(name);
    watched?.stop.abort(closed());
    await watched?.running;
  }

  /**
   * What the device of a battery has written down, oldest first.
   * @throws {LinkError} it has no link now, or keeps no logbook.
   */
  async logbook(name: string, signal?: AbortSignal): Promise<readonly LogEntry[]> {
    const watched = this.#batteries.get(name);
    return watched ? await watched.battery.logbook(signal) : [];
  }

  /** Closes every link, then the adapters. Safe to call more than once. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#closing.abort(closed());
    await withinTime(CLOSE_TIMEOUT, Promise.allSettled(this.#running));
    await Promise.allSettled(this.#keepers.map(async ({ adapter }) => await adapter.close()));
  }

  #run(work: Promise<unknown>): void {
    const running = work.catch((error: unknown) => {
      if (!this.#closing.signal.aborted) log('error', 'fleet', () => String(error));
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Listens for new batteries now and then. */
  async #discover(keeper: AdapterKeeper): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await keeper.ready(signal);
        for await (const device of discover(keeper.adapter, { signal, timeout: DISCOVERY.listen })) {
          this.#found(keeper, device);
          if (this.#batteries.size === keeper.adapter.expected) return;
        }
      } catch (error) {
        if (signal.aborted) return;
        log('debug', 'fleet', () => `looking for batteries: ${String(error)}`);
      }
      await pause(DISCOVERY.rest, signal).catch(() => {});
    }
  }

  #found(keeper: AdapterKeeper, { address, name }: Device): void {
    const known = this.statuses;
    if (known.some((status) => status.address === address)) return;
    if (known.length >= MOST_BATTERIES) return this.#leaveOut();
    const label = this.#options.nameOf?.(address, name) ?? name ?? address;
    const isTaken = this.#batteries.has(label);
    if (isTaken && known.some(({ device, address: other }) => device === label && other === undefined))
      return;
    this.#watch(isTaken ? `${label} ${address}` : label, address, [keeper]);
  }

  #leaveOut(): void {
    if (this.#leavesOut) return;
    this.#leavesOut = true;
    log(
      'error',
      'fleet',
      () =>
        `more than ${MOST_BATTERIES} batteries are received, and the rest is left out: name those that you want`,
    );
  }

  #watch(device: string, wanted: string, keepers: readonly AdapterKeeper[]): void {
    if (this.#batteries.has(device)) return;
    const battery = new WatchedBattery(device, wanted, keepers, this.#options, (event) =>
      this.#events.emit('event', event),
    );
    const stop = new AbortController();
    const running = battery.run(AbortSignal.any([this.#closing.signal, stop.signal]));
    this.#batteries.set(device, { battery, stop, running });
    this.#run(running);
  }
}

function closed(): AdapterError {
  return new AdapterError('the batteries are watched no more', 'open them again', { reason: 'closedByUser' });
}
