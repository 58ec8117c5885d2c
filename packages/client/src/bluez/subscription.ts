import { anySignal, log, pause } from '@ubmsc/base';
import { errorTextOf } from './bluez-errors.ts';
import type { DevicePlace } from './device-place.ts';
import { DoubledNotifications } from './doubled-notifications.ts';
import { interfaces } from './names.ts';
import type { Change } from './objects.ts';
import { bytesOf } from './properties.ts';
import type { CallOptions } from './system-bus.ts';
import { Turn } from './turn.ts';

/** How long to stop being notified may take, in milliseconds. */
const STOP_TIMEOUT = 1000;

/** Longest random pause before a withdrawal, in milliseconds: several programs must not withdraw together. */
const LONGEST_PAUSE = 1000;

/** Interval at which a waiting program checks the turn and the notifications, in milliseconds. */
const TURN_PERIOD = 100;

/** Longest wait for what another program should provide, in milliseconds: less than the time-out of a request. */
const PATIENCE = 4000;

/** Most withdrawals in a row without effect: a battery may send every part twice. */
const MOST_WITHDRAWALS = 3;

/**
 * Notifications of one characteristic. bluetoothd sends each one to every program, once for each program that asked. So
 * only one ubmsc program asks: the one that has the {@link Turn}. It asks if no other program has, withdraws when another
 * one asks, too, and asks again after that one has left.
 */
export class Subscription {
  readonly #place: DevicePlace;
  readonly #path: string;
  readonly #receive: (bytes: Uint8Array) => void;
  readonly #observing: Disposable;
  readonly #doubled = new DoubledNotifications();
  readonly #turn: Turn;
  readonly #ended = new AbortController();
  /** We have asked to be notified. */
  #hasAsked = false;
  #isArranging = false;
  #patience: NodeJS.Timeout | undefined;
  #withdrawals = 0;
  #isWithdrawing = false;

  /** Receives at once what others are notified of; {@link start} has to follow. */
  constructor(place: DevicePlace, path: string, receive: (bytes: Uint8Array) => void) {
    this.#place = place;
    this.#path = path;
    this.#receive = receive;
    this.#turn = new Turn(place);
    this.#observing = place.objects.observe((change) => this.#observe(change));
  }

  /** Asks to be notified, unless another program has. Rejects with a DBusError when that is refused. */
  async start(options: CallOptions): Promise<void> {
    await this.#arrange(options);
    if (this.#hasAsked) return;
    log('debug', 'bluez', () => `${this.#place.title} notifies another program: we listen to the same`);
    this.#patience = setTimeout(() => void this.#askAnyway(), PATIENCE);
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
    this.#turn.release();
  }

  #observe({ path, interface: of, changed }: Change): void {
    if (path !== this.#path || of !== interfaces.characteristic) return;
    const value = bytesOf(changed?.['Value']);
    if (value) {
      clearTimeout(this.#patience);
      if (!this.#hasAsked && !this.#isWithdrawing) this.#withdrawals = 0;
      if (!this.#doubled.isCopy(value, performance.now())) this.#receive(value);
      else if (this.#doubled.areDoubled) void this.#makeWay();
    }
    // Where it is refused, the link has ended, which is told elsewhere.
    if (changed?.['Notifying'] === false)
      void this.#arrange().catch((error: unknown) => this.#note('StartNotify', error));
  }

  /** Waits until somebody is notified, and asks for it when it is our turn. */
  async #arrange(options: CallOptions = {}): Promise<void> {
    if (this.#isArranging) return;
    this.#isArranging = true;
    try {
      using either = anySignal(this.#ended.signal, options.signal, this.#place.gone);
      const end = performance.now() + PATIENCE;
      while (!this.#hasAsked && !this.#isNotifying) {
        either.signal.throwIfAborted();
        if ((await this.#takeTurn()) || performance.now() > end) return await this.#ask(options);
        await pause(TURN_PERIOD, either.signal);
      }
    } finally {
      this.#isArranging = false;
    }
  }

  /** Nothing has come: who has asked is not served, or who has the turn does not ask. */
  async #askAnyway(): Promise<void> {
    try {
      await this.#takeTurn();
      if (!this.#hasAsked) await this.#ask();
    } catch (error) {
      this.#note('StartNotify', error);
    }
  }

  async #takeTurn(): Promise<boolean> {
    const isOurs = await this.#turn.take();
    if (!this.#ended.signal.aborted) return isOurs;
    this.#turn.release();
    throw this.#ended.signal.reason;
  }

  /** Another program has asked as well. */
  async #makeWay(): Promise<void> {
    if (!this.#hasAsked || this.#isWithdrawing || this.#withdrawals >= MOST_WITHDRAWALS) return;
    this.#isWithdrawing = true;
    try {
      await pause(Math.random() * LONGEST_PAUSE, this.#ended.signal);
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

  get #isNotifying(): boolean {
    return this.#place.objects.get(this.#path, interfaces.characteristic)?.['Notifying'] === true;
  }

  async #ask(options: CallOptions = {}): Promise<void> {
    this.#hasAsked = true;
    try {
      await this.#call('StartNotify', options);
    } catch (error) {
      this.#hasAsked = false;
      this.#turn.release();
      throw error;
    }
  }

  async #withdraw(): Promise<void> {
    if (!this.#hasAsked || this.#place.gone.aborted) return;
    this.#hasAsked = false;
    // Before bluetoothd tells that nobody is notified any more: then the next one asks at once.
    this.#turn.release();
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
