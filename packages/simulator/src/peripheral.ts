import type { Bleno, BlenoHost } from './bleno-host.ts';
import {
  isShortUuid,
  SERIAL_CHARACTERISTIC,
  SERIAL_SERVICE,
  type GattCharacteristic,
  type GattService,
} from './gatt-layouts.ts';
import type { Session } from './session.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import type { Central } from './uart.ts';
import { waitFor } from './wait-for.ts';

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

/** Ties a device to bleno: writes go in, and come out as notifications of the characteristic that is subscribed. */
export class Peripheral implements AsyncDisposable {
  readonly bleno: Bleno;
  readonly address: string;
  readonly name: string;
  /** Empty when no name is advertised. */
  readonly advertisedName: string;
  readonly #device: SimulatedDevice;
  readonly #host: BlenoHost;
  #session: Session | undefined;
  /** Without one, what the device sends is lost, as on air. */
  #subscription: Subscription | undefined;
  #closing: Promise<void> | undefined;

  constructor(device: SimulatedDevice, host: BlenoHost) {
    this.#device = device;
    this.#host = host;
    this.bleno = host.bleno;
    this.address = host.bleno.address.toUpperCase();
    this.name = device.name;
    this.advertisedName =
      device.faults.findLast(({ advertisedName }) => advertisedName !== undefined)?.advertisedName ??
      device.name;
    this.bleno.on('accept', this.#connected).on('disconnect', this.#disconnected);
    host.gone.addEventListener('abort', this.#disconnected);
  }

  /** Sets these services, beside those of GAP and GATT that bleno adds. */
  offer(services: readonly GattService[]): void {
    const { PrimaryService } = this.bleno;
    this.#host.setServices(
      services.map(
        ({ uuid, characteristics }) =>
          new PrimaryService({
            uuid,
            characteristics: characteristics.map((row) => this.#characteristic(uuid, row)),
          }),
      ),
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

  #characteristic(
    service: string,
    { uuid, properties, value, secure = [] }: GattCharacteristic,
  ): Characteristic {
    const { Characteristic } = this.bleno;
    const success = Characteristic.RESULT_SUCCESS;
    if (value !== undefined) return new Characteristic({ uuid, properties, value: Buffer.from(value) });
    const isSerial = isShortUuid(service, SERIAL_SERVICE);
    const isStream = isSerial && isShortUuid(uuid, SERIAL_CHARACTERISTIC);
    return new Characteristic({
      uuid,
      properties,
      secure,
      onReadRequest: (_offset, callback) => callback(success, Buffer.alloc(0)),
      onWriteRequest: (data, _offset, _withoutResponse, callback) => {
        callback(success);
        if (isSerial) this.#session?.receive(data);
      },
      onSubscribe: (maxValueSize, update) => {
        if (isStream) this.#subscription = { maxValueSize, update };
      },
      onUnsubscribe: () => {
        if (isStream) this.#subscription = undefined;
      },
    });
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
  };

  #central(): Central {
    const subscription = (): Subscription | undefined => this.#subscription;
    return {
      get notificationSize() {
        return subscription()?.maxValueSize ?? SMALLEST_NOTIFICATION;
      },
      notify: (bytes) => subscription()?.update(Buffer.from(bytes)),
      lost: () => this.bleno.disconnect(),
    };
  }

  async #close(): Promise<void> {
    const { gone } = this.#host;
    if (!gone.aborted) {
      this.bleno.stopAdvertising();
      if (this.#session) await this.#disconnect().catch(this.#disconnected);
    }
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
