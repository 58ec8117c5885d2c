import { Variant } from '@jellybrick/dbus-next';
import { log, pause } from '@ubmsc/base';
import { errorTextOf, isBluezError, serviceError } from './bluez-errors.ts';
import { interfaces } from './names.ts';
import type { BluezObjects } from './objects.ts';
import type { SystemBus } from './system-bus.ts';

/** How long bluetoothd rests before a discovery that has ended by itself is started again, in milliseconds. */
const RESTART_PAUSE = 500;

/** Where a discovery runs. */
export interface DiscoveryPlace {
  readonly bus: SystemBus;
  readonly objects: BluezObjects;
  /** Path of the adapter. */
  readonly adapter: string;
  readonly title: string;
  readonly gone: AbortSignal;
}

/**
 * Our part in the discovery of an adapter. bluetoothd joins the wishes of all programs and goes on while one of them
 * wants it, so a discovery that runs already is not an error, and ours may end while another goes on.
 */
export class Discovery implements AsyncDisposable {
  readonly #place: DiscoveryPlace;
  readonly #ended = new AbortController();
  readonly #subscription: Disposable;
  #restarting = false;

  private constructor(place: DiscoveryPlace) {
    this.#place = place;
    const { objects, adapter } = place;
    this.#subscription = objects.observe(({ path, interface: name, changed }) => {
      if (path === adapter && name === interfaces.adapter && changed?.['Discovering'] === false) {
        void this.#restart();
      }
    });
  }

  /** Rejects with an AdapterError when bluetoothd does not begin. */
  static async start(place: DiscoveryPlace, signal?: AbortSignal): Promise<Discovery> {
    const discovery = new Discovery(place);
    try {
      await discovery.#call('SetDiscoveryFilter', signal, { signature: 'a{sv}', body: [filter()] });
      await discovery.#begin(signal);
      return discovery;
    } catch (error) {
      discovery.#subscription[Symbol.dispose]();
      signal?.throwIfAborted();
      throw serviceError(error, place.title);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#subscription[Symbol.dispose]();
    if (this.#place.gone.aborted) return;
    // It may have ended by itself, and it ends with our connection to the bus.
    await this.#call('StopDiscovery').catch((error: unknown) => {
      log('debug', 'bluez', () => `StopDiscovery: ${errorTextOf(error)}`);
    });
  }

  async #begin(signal?: AbortSignal): Promise<void> {
    try {
      await this.#call('StartDiscovery', signal);
    } catch (error) {
      if (!isBluezError(error, 'InProgress')) throw error;
      log('debug', 'bluez', () => `${this.#place.title}: a discovery is being started already`);
    }
  }

  /** It ends by itself when the machine was suspended, or when another program made a link. */
  async #restart(): Promise<void> {
    const { signal } = this.#ended;
    if (this.#restarting) return;
    this.#restarting = true;
    try {
      await pause(RESTART_PAUSE, signal);
      await this.#call('StopDiscovery', signal).catch(() => {});
      await this.#begin(signal);
    } catch (error) {
      if (!signal.aborted) log('debug', 'bluez', () => `StartDiscovery: ${errorTextOf(error)}`);
    } finally {
      this.#restarting = false;
    }
  }

  async #call(
    member: string,
    signal?: AbortSignal,
    what: { readonly signature?: string; readonly body?: readonly unknown[] } = {},
  ): Promise<void> {
    const { bus, adapter, gone } = this.#place;
    await bus.call(
      { path: adapter, interface: interfaces.adapter, member, ...what },
      { signal: [signal, gone] },
    );
  }
}

/** Every advertisement is told, also one like the last: a battery that is free again must be noticed at once. */
function filter(): Record<string, Variant> {
  return { Transport: new Variant('s', 'le'), DuplicateData: new Variant('b', true) };
}
