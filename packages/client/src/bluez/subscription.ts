import { log, pause } from '@ubmsc/base';
import { errorTextOf } from './bluez-errors.ts';
import type { DevicePlace } from './connection.ts';
import { DoubledNotifications } from './doubled-notifications.ts';
import { interfaces } from './names.ts';
import type { Change } from './objects.ts';
import { bytesOf } from './properties.ts';
import type { CallOptions } from './system-bus.ts';

/** How long to stop being notified may take, in milliseconds. */
const STOP_TIMEOUT = 1000;

/** Most time before one of several programs withdraws its request, or asks again, in milliseconds: they must not do so together. */
const LONGEST_PAUSE = 1000;

/** What others are notified of has to come within this time after the first request, in milliseconds. */
const PATIENCE = 4000;

/** So often a request is withdrawn on one link: a battery may send every part twice. */
const MOST_WITHDRAWALS = 3;

/**
 * Notifications of one characteristic. bluetoothd tells every program of them, as many times as programs asked for them.
 * So we ask only where nobody else does, withdraw when somebody else has asked, too, and ask again when they have left.
 */
export class Subscription {
  readonly #place: DevicePlace;
  readonly #path: string;
  readonly #receive: (bytes: Uint8Array) => void;
  readonly #observing: Disposable;
  readonly #doubled = new DoubledNotifications();
  readonly #ended = new AbortController();
  /** We have asked to be notified. */
  #hasAsked = false;
  #patience: NodeJS.Timeout | undefined;
  #withdrawals = 0;
  #isWithdrawing = false;

  /** Receives at once what others are notified of; {@link start} has to follow. */
  constructor(place: DevicePlace, path: string, receive: (bytes: Uint8Array) => void) {
    this.#place = place;
    this.#path = path;
    this.#receive = receive;
    this.#observing = place.objects.observe((change) => this.#observe(change));
  }

  /** Asks to be notified, unless another program has. Rejects with a DBusError when that is refused. */
  async start(options: CallOptions): Promise<void> {
    if (!this.#isNotifying) return await this.#ask(options);
    log('debug', 'bluez', () => `${this.#place.title} notifies another program: we listen to the same`);
    this.#patience = setTimeout(() => void this.#askUnless(() => this.#hasAsked), PATIENCE);
  }

  /** Ends it: bluetoothd would otherwise go on, and subscribe again by itself at the next link. */
  async stop(): Promise<void> {
    this.detach();
    await this.#withdraw();
  }

  /** Receives nothing more. */
  detach(): void {
    clearTimeout(this.#patience);
    this.#ended.abort();
    this.#observing[Symbol.dispose]();
  }

  #observe({ path, interface: of, changed }: Change): void {
    if (path !== this.#path || of !== interfaces.characteristic) return;
    const value = bytesOf(changed?.['Value']);
    if (value) {
      clearTimeout(this.#patience);
      if (!this.#doubled.isCopy(value, performance.now())) this.#receive(value);
      else if (this.#doubled.areDoubled) void this.#makeWay();
    }
    if (changed?.['Notifying'] === false) void this.#askLater();
  }

  /** Whoever was notified is not any more; another of those who listened may ask first. */
  async #askLater(): Promise<void> {
    await this.#pause().catch(() => {});
    if (!this.#ended.signal.aborted) await this.#askUnless(() => this.#hasAsked || this.#isNotifying);
  }

  /** Where it is refused, the link has ended, which is told elsewhere. */
  async #askUnless(isUseless: () => boolean): Promise<void> {
    if (isUseless()) return;
    await this.#ask().catch((error: unknown) => this.#note('StartNotify', error));
  }

  /** Another program has asked as well. */
  async #makeWay(): Promise<void> {
    if (!this.#hasAsked || this.#isWithdrawing || this.#withdrawals >= MOST_WITHDRAWALS) return;
    this.#isWithdrawing = true;
    try {
      await this.#pause();
      if (!this.#doubled.areDoubled) return;
      this.#withdrawals++;
      log(
        'debug',
        'bluez',
        () => `${this.#place.title} notifies another program, too: its request serves both`,
      );
      await this.#withdraw();
    } catch {
      // The link has ended.
    } finally {
      this.#isWithdrawing = false;
    }
  }

  async #pause(): Promise<void> {
    await pause(Math.random() * LONGEST_PAUSE, this.#ended.signal);
  }

  get #isNotifying(): boolean {
    return this.#place.objects.get(this.#path, interfaces.characteristic)?.['Notifying'] === true;
  }

  async #ask(options: CallOptions = {}): Promise<void> {
    this.#hasAsked = true;
    try {
      await this.#call('StartNotify', options);
    } catch (error) {
      this.#hasAsked = false;
      throw error;
    }
  }

  async #withdraw(): Promise<void> {
    if (!this.#hasAsked || this.#place.gone.aborted) return;
    this.#hasAsked = false;
    await this.#call('StopNotify', { timeout: STOP_TIMEOUT }).catch((error: unknown) => {
      this.#note('StopNotify', error);
    });
  }

  async #call(member: string, options: CallOptions): Promise<void> {
    const { bus, gone } = this.#place;
    const method = { path: this.#path, interface: interfaces.characteristic, member };
    await bus.call(method, { ...options, signal: [options.signal, gone].flat() });
  }

  #note(member: string, error: unknown): void {
    log('debug', 'bluez', () => `${member}: ${errorTextOf(error)}`);
  }
}
