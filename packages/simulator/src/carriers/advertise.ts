import type { ControllerOptions, PacketCapture } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import { answerDeadline } from './answer-deadline.ts';
import { startBleno, type PeripheralAdapter } from './bleno-host.ts';
import { Peripheral } from './peripheral.ts';
import type { SerialDevice } from '../device/serial-device.ts';
import { waitFor } from '../wait-for.ts';

/** How a device is advertised. */
export interface AdvertiseOptions {
  /** Public address in an ether, such as `C8:47:80:00:00:01`; one that nobody has when left out. */
  readonly address?: string;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  /** Longest time in ms that the controller may take until the device advertises; 10 000 when left out. */
  readonly timeout?: number;
  /** Called once: what becomes of the packets of the controller. It is disposed of with the advertisement. */
  readonly capture?: (() => PacketCapture | Promise<PacketCapture>) | undefined;
}

/** A device that advertises, and serves one central at a time, until it is closed. */
export interface Advertisement extends AsyncDisposable {
  /** Address of the controller. */
  readonly address: string;
  /** Name that is advertised. */
  readonly name: string;
  /** Aborts, with the reason, when the controller has left its ether. */
  readonly gone: AbortSignal;
  /** Ends the connection if there is one, and gives the controller back. Safe at any time and more than once. */
  close(): Promise<void>;
}

/**
 * Makes a device a Bluetooth peripheral, on a controller of its own. Resolves when it advertises. While a central
 * is connected it does not advertise; afterwards it does again.
 * @throws {AdapterError} there is no such controller, it may not be used, or it does not answer in time.
 * @throws {UsageError} a fault of the device needs an ether.
 * @throws the reason of `signal` when that is aborted first.
 */
export async function advertise(
  device: SerialDevice,
  adapter: PeripheralAdapter,
  options: AdvertiseOptions = {},
): Promise<Advertisement> {
  const { faults } = device;
  const { address, timeout = 10_000 } = options;
  if (typeof adapter === 'string' && faults.all.some(({ air }) => air)) {
    throw new UsageError(
      `a fault of the air cannot be had on ${adapter}`,
      'simulate in an ether, with serveEther()',
    );
  }
  using deadline = answerDeadline(timeout);
  const late = deadline.signal;
  const signal = AbortSignal.any(options.signal ? [late, options.signal] : [late]);
  const { name } = device;
  try {
    const host = await startBleno(adapter, {
      controller: controllerOf(device, address),
      name,
      signal,
      capture: options.capture,
    });
    const peripheral = new Peripheral(device, host);
    try {
      await startAdvertising(peripheral, AbortSignal.any([signal, host.gone]));
      return peripheral;
    } catch (error) {
      await peripheral.close();
      throw error;
    }
  } catch (error) {
    if (error !== late.reason) throw error;
    const hint = 'reset the adapter, or allow more time';
    throw new AdapterError(`no answer from the Bluetooth controller in ${timeout} ms`, hint, {
      cause: error,
    });
  }
}

function controllerOf({ faults }: SerialDevice, address: string | undefined): ControllerOptions {
  return { ...(address !== undefined && { address }), faults: faults.air };
}

function startAdvertising(peripheral: Peripheral, signal: AbortSignal): Promise<void> {
  const { bleno, name } = peripheral;
  return waitFor(signal, (resolve, reject) => {
    const failed = (cause: Error): void => {
      reject(
        new AdapterError(`${name} cannot advertise`, 'stop what else advertises on the adapter', { cause }),
      );
    };
    bleno.on('advertisingStart', resolve).on('advertisingStartError', failed);
    peripheral.startAdvertising();
    return () => bleno.off('advertisingStart', resolve).off('advertisingStartError', failed);
  });
}
