import { errorName } from '@ubmsc/hci';
import { advertisingData, scanResponseData } from './advertising-data.ts';
import type { Bleno, BlenoHost } from './bleno-host.ts';
import {
  isShortUuid,
  SERIAL_CHARACTERISTIC,
  SERIAL_SERVICE,
  type GattCharacteristic,
  type GattLayout,
  type GattService,
} from '../device/gatt-layouts.ts';
import type { SerialDevice, SerialSession } from '../device/serial-device.ts';
import type { Central } from '../device/uart.ts';
import { waitFor } from '../wait-for.ts';

/** Time in ms that a central has to notice the end of the connection. */
const DISCONNECT_TIMEOUT = 1000;

/** Bytes per notification at the default ATT_MTU of 23. */
const SMALLEST_NOTIFICATION = 20;

type Characteristic = InstanceType<Bleno['Characteristic']>;

/** A central's subscription to the serial stream. */
interface Subscription {
  readonly maxValueSize: number;
  readonly update: (data: Buffer) => void;
}

/**
 * Ties a device to bleno: writes go in, and come out as notifications of the characteristic that is subscribed. What is
 * advertised and offered follows the faults of the device.
 */
export class Peripheral implements AsyncDisposable {
  readonly bleno: Bleno;
  readonly address: string;
  readonly name: string;
  readonly #device: SerialDevice;
  readonly #host: BlenoHost;
  readonly #layout: GattLayout;
  readonly #observing: Disposable;
  #services: readonly GattService[] = [];
  #session: SerialSession | undefined;
  /** Without one, what the device sends is lost, as on air. */
  #subscription: Subscription | undefined;
  #closing: Promise<void> | undefined;

  constructor(device: SerialDevice, host: BlenoHost) {
    this.#device = device;
    this.#host = host;
    this.#layout = device.gatt;
    this.bleno = host.bleno;
    this.address = host.bleno.address.toUpperCase();
    this.name = device.name;
    this.bleno.on('accept', this.#connected).on('disconnect', this.#disconnected);
    host.gone.addEventListener('abort', this.#disconnected);
    host.onDisconnection((reason) => device.activity.disconnected(errorName(reason)));
    this.#observing = device.faults.observe(() => this.#changeFaults());
    this.#offer();
  }

  /** Aborts when the controller has left its ether. */
  get gone(): AbortSignal {
    return this.#host.gone;
  }

  /** Advertises, as the device is now. */
  startAdvertising(): void {
    const { all } = this.#device.faults;
    const name = all.findLast(({ advertisedName }) => advertisedName !== undefined)?.advertisedName;
    const advertisement =
      all.findLast((fault) => fault.advertisement)?.advertisement ?? this.#layout.advertisement;
    this.bleno.startAdvertisingWithEIRData(
      advertisingData(this.address, advertisement),
      scanResponseData(name ?? this.#device.name),
    );
  }

  /** Ends the connection, and gives the controller back. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Sets the services, beside those of GAP and GATT that bleno adds, and the largest ATT_MTU. */
  #offer(): void {
    const { all } = this.#device.faults;
    const { maxMtu, services } = this.#layout;
    this.#host.setMaxMtu(Math.min(maxMtu, ...all.map((fault) => fault.maxMtu ?? Infinity)));
    const offered = all.reduce<readonly GattService[]>(
      (before, fault) => fault.services?.(before) ?? before,
      services,
    );
    if (offered === this.#services) return;
    this.#services = offered;
    const { PrimaryService } = this.bleno;
    this.#host.setServices(
      offered.map(
        ({ uuid, characteristics }) =>
          new PrimaryService({
            uuid,
            characteristics: characteristics.map((row) => this.#characteristic(uuid, row)),
          }),
      ),
    );
    // A module with other services has started.
    if (this.#session) this.bleno.disconnect();
  }

  #characteristic(
    service: string,
    { uuid, properties, value, secure = [] }: GattCharacteristic,
  ): Characteristic {
    const { Characteristic } = this.bleno;
    const success = Characteristic.RESULT_SUCCESS;
    const isSerial = isShortUuid(service, SERIAL_SERVICE) && isShortUuid(uuid, SERIAL_CHARACTERISTIC);
    const accessed = (): void => {
      if (!isSerial) this.#device.activity.accessedElsewhere(uuid);
    };
    return new Characteristic({
      uuid,
      properties,
      secure,
      onReadRequest: (_offset, callback) => {
        accessed();
        callback(success, Buffer.from(value ?? ''));
      },
      onWriteRequest: (data, _offset, withoutResponse, callback) => {
        accessed();
        const how = withoutResponse ? 'withoutResponse' : 'withResponse';
        if (this.#device.faults.all.some(({ deafTo }) => deafTo === how)) return;
        callback(success);
        if (isSerial) this.#session?.receive(data);
      },
      onSubscribe: (maxValueSize, update) => {
        accessed();
        if (!isSerial) return;
        this.#subscription = { maxValueSize, update };
        this.#session?.subscribed?.();
      },
      onUnsubscribe: () => {
        if (isSerial) this.#subscription = undefined;
      },
    });
  }

  #changeFaults(): void {
    this.#offer();
    if (!this.#session) this.startAdvertising();
  }

  readonly #connected = (): void => {
    try {
      this.#session = this.#device.connect(this.#central());
    } catch {
      // Another carrier holds the device, which can only be told by hanging up.
      this.bleno.disconnect();
    }
  };

  readonly #disconnected = (): void => {
    this.#session?.close();
    this.#session = undefined;
    this.#subscription = undefined;
    // A fault may have changed what is advertised.
    if (!this.#closing && !this.#host.gone.aborted) this.startAdvertising();
  };

  #central(): Central {
    const subscription = (): Subscription | undefined => this.#subscription;
    return {
      get notificationSize() {
        return subscription()?.maxValueSize ?? SMALLEST_NOTIFICATION;
      },
      notify: (bytes) => subscription()?.update(Buffer.from(bytes)),
      unsubscribe: () => (this.#subscription = undefined),
      lost: () => this.bleno.disconnect(),
    };
  }

  async #close(): Promise<void> {
    const { gone } = this.#host;
    if (!gone.aborted) {
      this.bleno.stopAdvertising();
      if (this.#session) await this.#disconnect().catch(this.#disconnected);
    }
    this.#observing[Symbol.dispose]();
    gone.removeEventListener('abort', this.#disconnected);
    this.bleno.off('accept', this.#connected).off('disconnect', this.#disconnected);
    await this.#host.close();
  }

  #disconnect(): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(DISCONNECT_TIMEOUT), this.#host.gone]);
    return waitFor(signal, (resolve) => {
      this.bleno.on('disconnect', resolve);
      this.bleno.disconnect();
      return () => this.bleno.off('disconnect', resolve);
    });
  }
}
