import { EventEmitter } from 'node:events';
import {
  LinkError,
  UbmscError,
  type BatteryEvent,
  type BatterySource,
  type BatteryStatus,
  type SessionCounters,
  type SessionReason,
  type SessionState,
} from '@ubmsc/protocol';
import { openAdapter, type Adapter, type AdapterOptions } from './adapter.ts';
import type { BatteryOptions } from './battery.ts';
import type { Device } from './device.ts';
import { pause } from './wait.ts';

export interface FleetOptions extends BatteryOptions, AdapterOptions {
  /** What finds the batteries: `hci0`, `sim:3`, `unix:/path`. */
  readonly adapter: string;
  /** Names or addresses; every JK battery that is heard when left out. */
  readonly devices?: readonly string[] | undefined;
}

/** A reading is stale when it is older than this, in milliseconds. */
const STALE_AFTER = 10_000;

/** Pause before a battery is tried again, in milliseconds. */
const RETRY = 3000;

const noCounters: SessionCounters = {
  frames: 0,
  checksumErrors: 0,
  rejected: {},
  connects: 0,
  losses: {},
  connectedSeconds: 0,
};

/** Opens the adapter and watches its batteries, until it is closed. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  return new Fleet(await openAdapter(options.adapter, options), options);
}

/** Batteries that are watched: each is connected, read, and connected again when its link is lost. */
export class Fleet implements BatterySource, AsyncDisposable {
  readonly #adapter: Adapter;
  readonly #options: FleetOptions;
  readonly #events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #statuses = new Map<string, BatteryStatus>();
  readonly #closing = new AbortController();
  readonly #running: Promise<unknown>[] = [];

  constructor(adapter: Adapter, options: FleetOptions) {
    this.#adapter = adapter;
    this.#options = options;
    this.#events.setMaxListeners(0);
    if (options.devices) options.devices.forEach((device) => this.#add(device, device));
    else this.#running.push(this.#discover());
  }

  get statuses(): readonly BatteryStatus[] {
    return [...this.#statuses.values()];
  }

  now(): number {
    return performance.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.#events.on('event', listener);
    return { [Symbol.dispose]: () => void this.#events.off('event', listener) };
  }

  /** Closes every link, then the adapter. Safe to call more than once. */
  async close(): Promise<void> {
    this.#closing.abort(new LinkError('the fleet was closed', 'open it again'));
    await this.#adapter.close();
    await Promise.allSettled(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #discover(): Promise<void> {
    const { signal } = this.#closing;
    for await (const device of this.#adapter.scan({ signal })) {
      if (device.likelihood === 'certain') this.#add(device.name ?? device.address, device);
      if (this.#statuses.size === this.#adapter.expected) return;
    }
  }

  #add(device: string, target: string | Device): void {
    if (this.#statuses.has(device)) return;
    this.#statuses.set(device, {
      device,
      address: typeof target === 'string' ? undefined : target.address,
      name: typeof target === 'string' ? undefined : target.name,
      adapter: this.#adapter.title,
      simulated: this.#adapter.simulated,
      state: 'waiting',
      reason: undefined,
      message: undefined,
      since: this.now(),
      rssi: typeof target === 'string' ? undefined : target.rssi,
      deviceInfo: undefined,
      reading: undefined,
      frame: undefined,
      readingTime: undefined,
      staleAfter: STALE_AFTER,
      counters: noCounters,
    });
    this.#running.push(this.#keep(device, target).catch(() => {}));
  }

  async #keep(device: string, target: string | Device): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      try {
        await this.#read(device, target, signal);
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof UbmscError ? `${error.message}; ${error.hint}` : String(error);
        this.#move(device, 'lost', 'linkLost', message);
      }
      await pause(RETRY, signal);
    }
  }

  async #read(device: string, target: string | Device, signal: AbortSignal): Promise<void> {
    this.#move(device, 'connecting');
    await using battery = await this.#adapter.open(target, { ...this.#options, signal });
    this.#change(device, { address: battery.address, name: battery.name });
    this.#move(device, 'identifying');
    const deviceInfo = await battery.deviceInfo(signal);
    const status = this.#change(device, { deviceInfo });
    if (status) this.#emit({ kind: 'deviceInfo', time: Date.now(), status });
    for await (const reading of battery.readings(signal)) {
      const live = this.#change(device, { reading, readingTime: this.now() });
      if (live?.state !== 'streaming') this.#move(device, 'streaming');
      const now = this.#statuses.get(device);
      if (now) this.#emit({ kind: 'reading', time: reading.source.time, status: now, reading });
    }
  }

  #move(device: string, state: SessionState, reason?: SessionReason, message?: string): void {
    const from = this.#statuses.get(device)?.state ?? 'waiting';
    const status = this.#change(device, { state, reason, message, since: this.now() });
    if (status) this.#emit({ kind: 'state', time: Date.now(), from, status });
  }

  #change(device: string, changes: Partial<BatteryStatus>): BatteryStatus | undefined {
    const status = this.#statuses.get(device);
    if (!status) return undefined;
    const changed = { ...status, ...changes };
    this.#statuses.set(device, changed);
    return changed;
  }

  #emit(event: BatteryEvent): void {
    this.#events.emit('event', event);
  }
}
