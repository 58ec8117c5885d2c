import { EventEmitter, setMaxListeners } from 'node:events';
import { anySignal, log, pause, UsageError, WakingClock, withinTime, type TimeSources } from '@ubmsc/base';
import {
  AdapterError,
  type BatteryEvent,
  type BatterySource,
  type BatteryStatus,
  type LogEntry,
} from '@ubmsc/session';
import type { Adapter } from './adapter.ts';
import { AdapterKeeper, type KeeperOptions } from './adapter-keeper.ts';
import type { BatteryOptions } from './battery.ts';
import { splitAdapters } from './central/transports.ts';
import { matches, type Device } from './device.ts';
import { parseDeviceSpec } from './device-spec.ts';
import { discover } from './discover.ts';
import { WatchedBattery, type HeardOf, type Received } from './watched-battery.ts';

/** A battery that shall be watched. */
export interface WantedBattery {
  /** What outputs call it. */
  readonly name: string;
  /** Address or advertised name by which it is found; with `@hci1` after it on one of several adapters. */
  readonly device: string;
  /** What finds it, or several with commas between them. */
  readonly adapter: string;
  /** The beginning of its name is not enough: while it is off, another one may begin so. */
  readonly whole?: boolean;
}

/** What shall be watched: these batteries, or all that these adapters find. */
export type Wanted = readonly WantedBattery[] | { readonly allOf: string };

/** How the batteries of a fleet are found, connected and read. */
export interface FleetOptions extends BatteryOptions, KeeperOptions {
  /** Opens an adapter, such as `hci0`. */
  readonly open: (adapter: string) => Promise<Adapter>;
  /** What a battery that was found is called; undefined for what it advertises, or its address. */
  readonly nameOf?:
    ((address: string, advertised: string | undefined, adapter: string) => string | undefined) | undefined;
  /** How the hint of an error is worded in the message of a status; as it is when left out. */
  readonly wordHint?: ((hint: string) => string) | undefined;
  /** Where times come from; the machine's when left out. */
  readonly times?: TimeSources | undefined;
}

/** Most batteries that are watched because they were received: anybody can send any name. */
const MOST_BATTERIES = 64;

/** How long new batteries are listened for, and how long not, in milliseconds. */
const DISCOVERY = { listen: 30_000, rest: 60_000 };

/** How long the sessions, and after them the adapters, may take to close, in milliseconds: 2 s with what follows. */
const CLOSE_TIMEOUT = 700;

/** How often it is looked whether the machine has slept, in milliseconds. */
const LOOK_PERIOD = 1000;

/** An adapter, and what goes on with it. */
interface KeptAdapter {
  readonly keeper: AdapterKeeper;
  readonly stop: AbortController;
  /** Aborts when no new batteries are looked for; undefined while none are. */
  discovery: AbortController | undefined;
}

interface Watched {
  readonly battery: WatchedBattery;
  /** How it was wanted; undefined for one that was found. */
  readonly wanted: WantedBattery | undefined;
  readonly adapters: readonly string[];
  readonly stop: AbortController;
  /** Resolves when it is watched no more. */
  readonly running: Promise<void>;
  /** The name under which this battery is watched already: it was wanted twice. */
  twinOf: string | undefined;
}

/**
 * Batteries that are watched, on one adapter or several: each is connected, read, and connected again when its link
 * fails. What is wanted may change while they are watched.
 */
export class Fleet implements BatterySource, AsyncDisposable {
  readonly #options: FleetOptions;
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #adapters = new Map<string, KeptAdapter>();
  readonly #batteries = new Map<string, Watched>();
  readonly #closing = new AbortController();
  readonly #failed = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #clock: WakingClock;
  readonly #looking: NodeJS.Timeout;
  #order: readonly string[] = [];
  /** There are more batteries than are watched, which was said. */
  #leavesOut = false;
  #closed: Promise<void> | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#events.setMaxListeners(0);
    setMaxListeners(0, this.#closing.signal); // each battery listens to it
    this.#clock = new WakingClock((slept) => this.#wake(slept), options.times);
    this.#looking = setInterval(() => this.#clock.now(), LOOK_PERIOD).unref();
  }

  /** In the order in which they are wanted; those that were found, in that of their discovery. */
  get statuses(): readonly BatteryStatus[] {
    const watched = [...this.#batteries.values()].filter(({ twinOf }) => twinOf === undefined);
    const statuses = watched.map(({ battery }) => battery.status);
    const place = ({ device }: BatteryStatus): number => this.#order.indexOf(device);
    return statuses.toSorted((one, other) => place(one) - place(other));
  }

  /** Aborts with an AdapterError when an adapter was gone for longer than `giveUpAfter`. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  now(): number {
    return this.#clock.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#events.on('event', listener);
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) };
  }

  /**
   * Watches what is wanted, and that alone. Links to batteries that are wanted as before stay as they are. When an
   * adapter cannot be opened, it rejects and all is as it was; once it could, it is opened again for ever. Wait for it
   * before it is called again.
   * @throws {UsageError} a battery names an adapter that is not among its adapters.
   */
  async set(wanted: Wanted): Promise<void> {
    const isAll = 'allOf' in wanted;
    const batteries = isAll ? [] : wanted.map(placed);
    const adapters = new Set(
      isAll ? splitAdapters(wanted.allOf) : batteries.flatMap((each) => each.adapters),
    );
    await this.#openMissing(adapters);
    const names = new Map(batteries.map((each) => [each.wanted.name, each.wanted]));
    await Promise.all(
      [...this.#batteries]
        .filter(([name, { wanted: before, adapters: on }]) =>
          before ? !isSame(before, names.get(name)) : !isAll || !on.every((adapter) => adapters.has(adapter)),
        )
        .map(async ([name]) => await this.#forget(name)),
    );
    await this.#closeAdapters([...this.#adapters.keys()].filter((adapter) => !adapters.has(adapter)));
    this.#order = batteries.map((each) => each.wanted.name);
    for (const each of batteries) this.#watch(each.wanted.name, each.device, each.adapters, each.wanted);
    for (const adapter of this.#adapters.values()) {
      if (isAll) this.#startDiscovery(adapter);
      else adapter.discovery?.abort(closed());
    }
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
    clearInterval(this.#looking);
    this.#closing.abort(closed());
    await withinTime(CLOSE_TIMEOUT, Promise.allSettled(this.#running));
    await this.#closeAdapters([...this.#adapters.keys()]);
    this.#batteries.clear();
  }

  /** Opens the adapters that are not open yet: all of them, or none. */
  async #openMissing(adapters: ReadonlySet<string>): Promise<void> {
    const missing = [...adapters].filter((adapter) => !this.#adapters.has(adapter));
    const opened = new Map<string, Adapter>();
    try {
      for (const text of missing) opened.set(text, await this.#options.open(text));
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      await Promise.allSettled([...opened.values()].map(async (adapter) => await adapter.close()));
      throw error;
    }
    for (const [text, adapter] of opened) {
      const keeper = new AdapterKeeper(adapter, this.#options);
      const stop = new AbortController();
      const { signal } = keeper.failed;
      signal.addEventListener('abort', () => this.#failed.abort(signal.reason), { signal: stop.signal });
      this.#adapters.set(text, { keeper, stop, discovery: undefined });
      void this.#run([stop.signal], async (ended) => await keeper.run(ended));
    }
  }

  async #closeAdapters(texts: readonly string[]): Promise<void> {
    const closing = texts.map(async (text) => {
      const kept = this.#adapters.get(text);
      this.#adapters.delete(text);
      kept?.discovery?.abort(closed());
      kept?.stop.abort(closed());
      await kept?.keeper.adapter.close();
    });
    await Promise.allSettled(closing);
  }

  /** Runs `work` until one of these signals aborts, or the fleet is closed. Its failure is logged. */
  #run(signals: readonly AbortSignal[], work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const ending = anySignal(this.#closing.signal, ...signals);
    const running = work(ending.signal)
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log('error', 'fleet', () => String(error));
      })
      .finally(() => {
        ending[Symbol.dispose]();
        this.#running.delete(running);
      });
    this.#running.add(running);
    return running;
  }

  /** No link outlives the sleep of a machine, and not every controller tells. */
  #wake(slept: number): void {
    log('warn', 'fleet', () => `the machine has slept for ${Math.round(slept / 1000)} s`);
    for (const { keeper, stop } of this.#adapters.values()) {
      void this.#run([stop.signal], async (signal) => await keeper.reopen(signal));
    }
  }

  #startDiscovery(adapter: KeptAdapter): void {
    if (adapter.discovery && !adapter.discovery.signal.aborted) return;
    adapter.discovery = new AbortController();
    void this.#run(
      [adapter.discovery.signal],
      async (signal) => await this.#discover(adapter.keeper, signal),
    );
  }

  /** Listens for new batteries now and then. */
  async #discover(keeper: AdapterKeeper, signal: AbortSignal): Promise<void> {
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

  #found(keeper: AdapterKeeper, device: Device): void {
    const { address, name } = device;
    const known = this.statuses;
    if (known.some((status) => status.address === address)) return;
    if (known.length >= MOST_BATTERIES) return this.#leaveOut();
    const on = [...this.#adapters].filter(([, kept]) => kept.keeper === keeper).map(([text]) => text);
    const label = this.#options.nameOf?.(address, name, on.join(',')) ?? name ?? address;
    const isTaken = this.#batteries.has(label);
    if (isTaken && known.some((each) => each.device === label && each.address === undefined)) return;
    this.#watch(isTaken ? `${label} ${address}` : label, address, on, undefined, { keeper, device });
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

  #watch(
    name: string,
    device: string,
    adapters: readonly string[],
    wanted: WantedBattery | undefined,
    received?: Received,
  ): void {
    if (this.#batteries.has(name)) return;
    const keepers = adapters.flatMap((text) => this.#adapters.get(text)?.keeper ?? []);
    const battery = new WatchedBattery({
      device: name,
      wanted: device,
      whole: wanted?.whole,
      keepers,
      received,
      options: this.#options,
      wordHint: this.#options.wordHint,
      now: () => this.now(),
      emit: (event) => this.#events.emit('event', event),
      heard: async (known) => await this.#tellTwins(name, known),
    });
    const stop = new AbortController();
    const running = this.#run([stop.signal], async (signal) => await battery.run(signal));
    this.#batteries.set(name, { battery, wanted, adapters, stop, running, twinOf: undefined });
  }

  /**
   * A battery that is wanted by its name and by its address has one link, under what was given first. Resolves when
   * the link of the other is free; when that is this one, its signal aborts.
   */
  async #tellTwins(name: string, heard: HeardOf): Promise<void> {
    const twin = this.statuses.find(
      ({ device, address, name: advertised, deviceInfo }) =>
        device !== name &&
        address !== undefined &&
        ('address' in heard
          ? address === heard.address
          : matches({ address, name: advertised ?? deviceInfo?.deviceName ?? undefined }, heard.notReceived)),
    );
    if (!twin) return;
    const isFirst = 'address' in heard && this.#order.indexOf(name) < this.#order.indexOf(twin.device);
    const [kept, left] = isFirst ? [name, twin.device] : [twin.device, name];
    const watched = this.#batteries.get(left);
    if (!watched) return;
    watched.twinOf = kept;
    log('warn', 'fleet', () => `${left} and ${kept} are one battery: it is watched as ${kept}; name it once`);
    watched.stop.abort(closed());
    if (left !== name) await watched.running;
  }

  /** Resolves when the battery is free for others. */
  async #forget(name: string): Promise<void> {
    const watched = this.#batteries.get(name);
    this.#batteries.delete(name);
    for (const [other, { twinOf }] of this.#batteries) if (twinOf === name) this.#batteries.delete(other);
    watched?.stop.abort(closed());
    await watched?.running;
  }
}

interface PlacedBattery {
  readonly wanted: WantedBattery;
  /** Its address or name, and the adapters that may find it. */
  readonly device: string;
  readonly adapters: readonly string[];
}

function placed(wanted: WantedBattery): PlacedBattery {
  const { device, adapter } = parseDeviceSpec(wanted.device);
  const adapters = splitAdapters(wanted.adapter);
  if (adapter === undefined) return { wanted, device, adapters };
  if (adapters.includes(adapter)) return { wanted, device, adapters: [adapter] };
  throw new UsageError(`the adapter ${JSON.stringify(adapter)} is not open`, 'name it with { adapter }, too');
}

function isSame(one: WantedBattery, other: WantedBattery | undefined): boolean {
  return one.device === other?.device && one.adapter === other.adapter;
}

function closed(): AdapterError {
  return new AdapterError('the batteries are watched no more', 'open them again', { reason: 'closedByUser' });
}
