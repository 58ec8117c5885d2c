import { Variant } from '@jellybrick/dbus-next';
import { LinkError, type Link, type LinkEvents, type GattService } from '@ubmsc/session';
import type { LinkTarget } from '../central/central.ts';
import { EarlyData } from '../central/early-data.ts';
import { asError, log } from '@ubmsc/base';
import { errorNameOf, errorTextOf, isBluezError } from './bluez-errors.ts';
import type { Connection } from './connection.ts';
import type { DevicePlace } from './device-place.ts';
import type { BluezGatt } from './gatt.ts';
import { interfaces } from './names.ts';
import { numberOf } from './properties.ts';
import { Subscription } from './subscription.ts';
import type { CallOptions } from './system-bus.ts';

/** How long a request may take to be handed on, in milliseconds. */
const WRITE_TIMEOUT = 5000;

/** How long to wait for a better reason when a link has ended, in milliseconds. */
const LOSS_DELAY = 200;

export interface BluezLinkOptions extends LinkTarget {
  readonly place: DevicePlace;
  readonly connection: Connection;
  readonly gatt: BluezGatt;
  /** Called when the link has ended or stays for others; false: bluetoothd did not end it though it was asked to. */
  readonly onClosed: (hasEnded: boolean) => void;
}

/** A link over bluetoothd, which other programs may share. */
export class BluezLink implements Link {
  readonly address: string;
  readonly name: string | undefined;
  readonly #options: BluezLinkOptions;
  readonly #observing: Disposable;
  readonly #subscription: Subscription;
  #withoutResponse: boolean;
  #lost: Error | undefined;
  #pendingLoss: NodeJS.Timeout | undefined;
  #events: LinkEvents | undefined;
  readonly #received = new EarlyData<Uint8Array>();
  #closing: Promise<void> | undefined;

  /** Receives at once what is notified; {@link subscribe} has to follow. */
  constructor(options: BluezLinkOptions) {
    const { address, name, place, gatt } = options;
    this.address = address;
    this.name = name;
    this.#options = options;
    this.#withoutResponse = gatt.serial.withoutResponse;
    this.#subscription = new Subscription(place, gatt.serial.notifying.path, (bytes) => this.#receive(bytes));
    this.#observing = place.objects.observe(({ path, interface: of }) => {
      const isOurs = path === place.device && of === interfaces.device;
      if (isOurs && !options.connection.isConnected) this.#disconnected();
    });
    place.gone.addEventListener('abort', this.#onGone, { once: true });
  }

  get mtu(): number | undefined {
    const { place, gatt } = this.#options;
    return numberOf(place.objects.get(gatt.serial.notifying.path, interfaces.characteristic)?.['MTU']);
  }

  get services(): readonly GattService[] {
    return this.#options.gatt.services;
  }

  /** Asks to be notified. Rejects with a DBusError, or with the reason why there is no link any more. */
  async subscribe(options: CallOptions): Promise<void> {
    await this.#subscription.start(options);
    if (this.#lost) throw this.#lost;
  }

  /** Receives nothing more; the connection stays. */
  detach(): void {
    clearTimeout(this.#pendingLoss);
    this.#subscription.detach();
    this.#observing[Symbol.dispose]();
    this.#options.place.gone.removeEventListener('abort', this.#onGone);
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    this.#received.listen((bytes) => events.data(bytes));
    if (this.#lost && !this.#closing) events.lost(this.#lost);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#lost) throw this.#lost;
    const { place, gatt } = this.#options;
    const method = {
      path: gatt.serial.writable.path,
      interface: interfaces.characteristic,
      member: 'WriteValue',
    };
    const type = new Variant('s', this.#withoutResponse ? 'command' : 'request');
    try {
      await place.bus.call(
        { ...method, signature: 'aya{sv}', body: [Buffer.from(bytes), { type }] },
        {
          signal: place.gone,
          timeout: WRITE_TIMEOUT,
          late: () => this.#notTaken(`within ${WRITE_TIMEOUT / 1000} s`),
        },
      );
    } catch (error) {
      // An earlier request is still on its way: the battery is asked again when it does not answer.
      if (isBluezError(error, 'InProgress')) return;
      if (this.#lost ?? !errorNameOf(error)) throw this.#lost ?? error;
      throw this.#notTaken(`: ${errorTextOf(error)}`, error);
    }
  }

  changeWriteMode(): void {
    if (this.#options.gatt.serial.writesBothWays) this.#withoutResponse = !this.#withoutResponse;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #receive(bytes: Uint8Array): void {
    if (!this.#closing) this.#received.push(bytes, bytes.length);
  }

  /** Devices are told to be gone a moment before their adapter: then the adapter is the reason. */
  #disconnected(): void {
    if (this.#closing || this.#pendingLoss) return;
    const loss = this.#options.connection.loss();
    this.#pendingLoss = setTimeout(() => this.#lose(loss), LOSS_DELAY);
  }

  readonly #onGone = (): void => {
    const { reason }: { reason: unknown } = this.#options.place.gone;
    this.#lose(asError(reason));
  };

  #lose(reason: Error): void {
    clearTimeout(this.#pendingLoss);
    if (this.#lost) return;
    this.#lost = reason;
    this.#subscription.detach();
    if (this.#closing) return;
    log('info', 'link', () => reason.message);
    this.#events?.lost(reason);
  }

  async #close(): Promise<void> {
    const { connection, onClosed } = this.#options;
    await this.#subscription.stop();
    await connection.release(onClosed);
    this.detach();
  }

  #notTaken(what: string, cause?: unknown): LinkError {
    return new LinkError(
      `${this.name ?? this.address} did not take a request ${what}`.replace(' :', ':'),
      'move closer, close other programs that use the battery, and try again',
      { cause, reason: 'linkLost' },
    );
  }
}
