import { errorCodes, errorName } from '@ubmsc/hci';
import {
  gattProperties,
  LinkError,
  type GattCharacteristic,
  type GattService,
  type GattPropertyName,
  type Link,
  type LinkEvents,
  type SessionReason,
} from '@ubmsc/session';
import type { ConnectOptions, LinkTarget } from '../central/central.ts';
import { EarlyData } from '../central/early-data.ts';
import { asError, log, eventWithin, within, type WaitOptions } from '@ubmsc/base';
import { noSerialServiceError, noServicesError, pairingError } from '../central/link-errors.ts';
import { chooseSerial, isSerialService, type SerialService } from '../central/serial-service.ts';
import type { Peripheral, RawCharacteristic, Service } from './noble-api.ts';
import type { NobleHost } from './noble-host.ts';

/** How long each step may take, in milliseconds. */
const timeouts = {
  connect: 25_000,
  cancel: 3000,
  discover: 10_000,
  subscribe: 5000,
  write: 5000,
  disconnect: 5000,
};

/** Why a step that took too long ends a session. */
const lateReasons: Readonly<Record<keyof typeof timeouts, SessionReason>> = {
  connect: 'connectTimeout',
  cancel: 'connectTimeout',
  discover: 'discoveryTimeout',
  subscribe: 'subscribeTimeout',
  write: 'linkLost',
  disconnect: 'linkLost',
};

/** Error codes of the ends of links that tell something of their own. */
const lossReasons: Readonly<Record<number, SessionReason>> = {
  [errorCodes['Connection Timeout']]: 'supervisionTimeout',
  [errorCodes['Remote User Terminated Connection']]: 'closedByBattery',
  [errorCodes['Connection Failed to be Established / Synchronization Timeout']]: 'setupFailed',
};

/** What a peripheral notifies: the value of the characteristic at `handle`. */
interface Notification {
  readonly handle: number;
  readonly value: Buffer;
}

/** What noble says of an adapter that keeps no more links (Core, vol 1, part F, 2.9). */
const LIMIT_EXCEEDED = 'Connection Limit Exceeded';

/** What to do about a link that could not be made. */
const hints = {
  held: 'see that no phone app or other program holds it, and try again',
  limit: 'the adapter keeps no more links: name the batteries that you want, or give a second adapter',
} as const;

/**
 * A link over noble. Characteristics are chosen by their properties and used by their handles, because the oldest
 * modules have two with UUID FFE1 (reference, section 1.3).
 */
export class NobleLink implements Link {
  readonly address: string;
  readonly name: string | undefined;
  readonly #host: NobleHost;
  readonly #peripheral: Peripheral;
  /** Aborts when the link is gone, with the reason. */
  readonly #gone = new AbortController();
  #notifyHandle: number | undefined;
  #writeHandle = 0;
  #withoutResponse = true;
  /** Both ways of writing are there. */
  #writesBothWays = false;
  #services: readonly GattService[] = [];
  #events: LinkEvents | undefined;
  readonly #received = new EarlyData<Notification>();
  #closing: Promise<void> | undefined;

  private constructor(host: NobleHost, peripheral: Peripheral, { address, name }: LinkTarget) {
    this.#host = host;
    this.#peripheral = peripheral;
    this.address = address;
    this.name = name;
  }

  /**
   * Connects, discovers, subscribes. Rejects with a LinkError when a step fails or takes too long, and with an
   * UnknownDeviceError when the device has no serial service; then nothing of the link remains.
   */
  static async connect(
    host: NobleHost,
    peripheral: Peripheral,
    target: LinkTarget,
    { signal, onStep }: ConnectOptions = {},
  ): Promise<NobleLink> {
    const { gone } = host;
    const link = new NobleLink(host, peripheral, target);
    const onAdapterGone = (): void => link.#lose(asError(gone.signal.reason));
    gone.signal.addEventListener('abort', onAdapterGone, { once: true, signal: link.#gone.signal });
    log('debug', 'link', () => `${link.#title}: connecting`);
    onStep?.('connecting');
    try {
      await link.#connect(signal);
      await link.#discover({ signal, onStep });
      log('debug', 'link', () => `${link.#title}: subscribed`);
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  get mtu(): number | undefined {
    return this.#peripheral.mtu ?? undefined;
  }

  get services(): readonly GattService[] {
    return this.#services;
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    this.#received.listen(({ handle, value }) => {
      if (handle === this.#notifyHandle) events.data(value);
    });
    if (this.#gone.signal.aborted && !this.#closing) events.lost(asError(this.#gone.signal.reason));
  }

  async write(bytes: Uint8Array): Promise<void> {
    await within(this.#wait('write', 'did not take a request'), async () => {
      try {
        await this.#peripheral.writeHandleAsync(this.#writeHandle, Buffer.from(bytes), this.#withoutResponse);
      } catch (cause) {
        if (cause instanceof TypeError) throw cause; // a bug, and no fault of the link
        throw new LinkError(`${this.#title} did not take a request: ${asError(cause).message}`, 'try again', {
          cause,
          reason: 'linkLost',
        });
      }
    });
  }

  changeWriteMode(): void {
    if (this.#writesBothWays) this.#withoutResponse = !this.#withoutResponse;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #title(): string {
    return this.name ?? this.address;
  }

  #wait(step: keyof typeof timeouts, failure: string, ...signals: (AbortSignal | undefined)[]): WaitOptions {
    return {
      signal: [...signals, this.#gone.signal],
      timeout: timeouts[step],
      late: () =>
        new LinkError(
          `${this.#title} ${failure} within ${timeouts[step] / 1000} s`,
          'move closer, close other apps that use the battery, and try again',
          { reason: lateReasons[step] },
        ),
    };
  }

  async #connect(signal?: AbortSignal): Promise<void> {
    const peripheral = this.#peripheral;
    // Before the link is made: it can be lost in the same tick.
    peripheral.on('handleNotify', this.#onNotify);
    peripheral.once('disconnect', this.#onDisconnect);
    try {
      const connected = eventWithin<[unknown]>(
        peripheral,
        'connect',
        this.#wait('connect', 'did not accept a connection', signal),
      );
      peripheral.connect();
      const [error] = await connected;
      if (error) throw asError(error);
    } catch (error) {
      peripheral.off('handleNotify', this.#onNotify);
      peripheral.off('disconnect', this.#onDisconnect);
      await this.#cancelConnect();
      signal?.throwIfAborted();
      this.#host.gone.signal.throwIfAborted();
      if (error instanceof LinkError || error instanceof TypeError) throw error;
      throw new LinkError(
        `${this.#title} could not be connected: ${asError(error).message}`,
        asError(error).message.includes(LIMIT_EXCEEDED) ? hints.limit : hints.held,
        { cause: error, reason: 'connectFailed' },
      );
    }
  }

  /** noble reports the cancelled connection later; one that was made in the meantime must not be left behind. */
  async #cancelConnect(): Promise<void> {
    const host = this.#host;
    const peripheral = this.#peripheral;
    if (peripheral.state !== 'connecting') return;
    peripheral.cancelConnect();
    const late = (): Error => new Error('the controller did not cancel the connection');
    try {
      const signal = host.gone.signal;
      const [error] = await eventWithin(peripheral, 'connect', { signal, timeout: timeouts.cancel, late });
      if (!error) await this.#disconnect();
    } catch {
      host.worsen('wedged');
    }
  }

  async #discover({ signal, onStep }: ConnectOptions): Promise<void> {
    const host = this.#host;
    onStep?.('discovering');
    const services = await this.#findServices(signal);
    const service = services.find(isSerialService);
    if (!service) throw noSerialServiceError(this.#title, false);
    const characteristics = (await this.#findCharacteristics(service, signal)).map(toCharacteristic);
    this.#services = services.map((each) => describe(each, each === service ? characteristics : []));
    const serial = chooseSerial(characteristics);
    if (!serial) throw noSerialServiceError(this.#title, true);
    const notifying = this.#choose(serial);
    onStep?.('subscribing');
    const [characteristic] =
      host.noble.addCharacteristics(this.#peripheral.id, service.uuid, [notifying]) ?? [];
    if (!characteristic) throw new LinkError(`${this.#title} went away`, 'try again', { reason: 'linkLost' });
    const refusal = new AbortController();
    host.onPairingWanted(this.#peripheral.id, () => refusal.abort(pairingError(this.#title)));
    const subscribed = eventWithin(
      characteristic,
      'notify',
      this.#wait('subscribe', 'did not confirm the subscription', signal, refusal.signal),
    );
    characteristic.subscribe();
    await subscribed;
  }

  async #findServices(signal?: AbortSignal): Promise<readonly Service[]> {
    this.#gone.signal.throwIfAborted();
    const discovered = eventWithin<[Service[]]>(
      this.#peripheral,
      'servicesDiscover',
      this.#wait('discover', 'did not name its services', signal),
    );
    this.#peripheral.discoverServices([]);
    const [services] = await discovered;
    if (services.length === 0) throw noServicesError(this.#title);
    return services;
  }

  async #findCharacteristics(service: Service, signal?: AbortSignal): Promise<readonly RawCharacteristic[]> {
    const discovered = eventWithin<[RawCharacteristic[]]>(
      service,
      'characteristicsDiscovered',
      this.#wait('discover', 'did not name its characteristics', signal),
    );
    service.discoverCharacteristics([]);
    const [characteristics] = await discovered;
    return characteristics;
  }

  /** Notes where to write, and returns the characteristic that notifies. */
  #choose({ notifying, writable, ...how }: SerialService<NobleCharacteristic>): RawCharacteristic {
    this.#notifyHandle = notifying.raw.valueHandle;
    this.#writeHandle = writable.raw.valueHandle;
    this.#withoutResponse = how.withoutResponse;
    this.#writesBothWays = how.writesBothWays;
    return notifying.raw;
  }

  readonly #onNotify = (handle: number, value: Buffer): void =>
    this.#received.push({ handle, value }, value.length);

  readonly #onDisconnect = (reason: number): void => {
    const error = new LinkError(
      `the link to ${this.#title} was lost: ${errorName(reason)}`,
      'see that it is in range and that nothing else connects to it',
      { reason: lossReasons[reason] ?? 'linkLost' },
    );
    this.#lose(error);
  };

  #lose(error: Error): void {
    if (this.#gone.signal.aborted) return;
    this.#peripheral.off('handleNotify', this.#onNotify);
    this.#gone.abort(error);
    if (this.#closing) return;
    log('info', 'link', () => error.message);
    this.#events?.lost(error);
  }

  async #close(): Promise<void> {
    await this.#disconnect();
    // Whatever waits for this link, or listens on its behalf, is done with it.
    this.#gone.abort(new LinkError(`the link to ${this.#title} was closed`, 'connect again'));
  }

  /** noble never reports the end of a link whose peer has vanished: the time-out does. */
  async #disconnect(): Promise<void> {
    const peripheral = this.#peripheral;
    if (peripheral.state !== 'connected' || this.#gone.signal.aborted) return;
    const late = (): Error => new Error('the controller did not report the disconnection');
    const disconnected = eventWithin(peripheral, 'disconnect', {
      signal: this.#gone.signal,
      timeout: timeouts.disconnect,
      late,
    });
    peripheral.disconnect();
    await disconnected.catch(() => {
      if (!this.#gone.signal.aborted) this.#host.worsen('holdsLink');
    });
    peripheral.off('handleNotify', this.#onNotify);
    peripheral.off('disconnect', this.#onDisconnect);
  }
}

/** A characteristic with what noble knows of it. */
interface NobleCharacteristic extends GattCharacteristic {
  readonly raw: RawCharacteristic;
}

function toCharacteristic(raw: RawCharacteristic): NobleCharacteristic {
  const names = Object.keys(gattProperties).filter(
    (name): name is GattPropertyName => name in gattProperties,
  );
  const properties = names.filter((name) => (raw.rawProps & gattProperties[name]) !== 0);
  return { uuid: raw.uuid, properties, raw };
}

function describe({ uuid }: Service, characteristics: readonly NobleCharacteristic[]): GattService {
  return {
    uuid,
    characteristics: characteristics.map((each) => ({ uuid: each.uuid, properties: each.properties })),
  };
}
