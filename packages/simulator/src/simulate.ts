import type { DeviceReport } from './device/activity.ts';
import { advertise, type Advertisement, type AdvertiseOptions } from './carriers/advertise.ts';
import type { PeripheralAdapter } from './carriers/bleno-host.ts';
import type { SerialDevice } from './device/serial-device.ts';
import type { SimulatedDevice } from './device/simulated-device.ts';
import { simulatedDevices, type SimulatedDevicesOptions } from './device/simulated-devices.ts';

/** Where batteries advertise. */
export interface SimulationOptions extends Pick<AdvertiseOptions, 'capture'> {
  /** The ether in which they advertise. */
  readonly ether: Exclude<PeripheralAdapter, string>;
  /** Address of the battery at this place, from 0 on; {@link batteryAddress} when left out. */
  readonly addressOf?: (index: number) => string;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  /** Longest time in ms until all advertise; 10 000 when left out. */
  readonly timeout?: number;
}

export interface SimulateOptions extends SimulatedDevicesOptions, SimulationOptions {}

/** A battery in an ether. */
export interface SimulatedBattery<Device extends SerialDevice = SimulatedDevice> {
  readonly name: string;
  readonly address: string;
  readonly device: Device;
}

/** What has become of simulated batteries. */
export interface SimulationReport {
  /** Nothing here was measured. */
  readonly simulated: true;
  readonly batteries: readonly (DeviceReport & { readonly address: string })[];
}

/** Batteries that advertise until the simulation is closed. */
export interface Simulation<Device extends SerialDevice = SimulatedDevice> extends AsyncDisposable {
  readonly batteries: readonly SimulatedBattery<Device>[];
  /** Aborts, with the reason, when the controller of a battery has left the ether. */
  readonly gone: AbortSignal;
  /** What has become of the batteries so far. */
  readonly report: SimulationReport;
  /** Closes all of them. Safe at any time and more than once. */
  close(): Promise<void>;
}

/**
 * Puts batteries into an ether, each with name, address, serial number and state of charge of its own; see
 * {@link simulateDevices}.
 * @throws {RangeError} there cannot be this many batteries.
 */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  return await simulateDevices(simulatedDevices(options), options);
}

/**
 * Puts devices into an ether. Resolves when all advertise; when one cannot, none does.
 * @throws {AdapterError} a virtual controller could not be used, or did not answer in time.
 * @throws the reason of `signal` when that is aborted first.
 */
export async function simulateDevices<Device extends SerialDevice>(
  devices: readonly Device[],
  options: SimulationOptions,
): Promise<Simulation<Device>> {
  const { ether, signal, timeout, capture, addressOf = batteryAddress } = options;
  const start: AdvertiseOptions = {
    ...(signal && { signal }),
    ...(timeout !== undefined && { timeout }),
    capture,
  };
  const starts = await Promise.allSettled(
    devices.map((device, index) => advertise(device, ether, { ...start, address: addressOf(index) })),
  );
  const started = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = starts.find((result) => result.status === 'rejected');
  if (failure) {
    await closeAll(started);
    throw failure.reason;
  }
  const close = (): Promise<void> => closeAll(started);
  const batteries = devices.map((device, index) => ({
    name: device.name,
    address: started[index]?.address ?? addressOf(index),
    device,
  }));
  return {
    batteries,
    gone: AbortSignal.any(started.map(({ gone }) => gone)),
    get report(): SimulationReport {
      return {
        simulated: true,
        batteries: batteries.map(({ address, device }) => ({ address, ...device.report })),
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Address of a battery by its place, from 0, in a group of up to 65,536; C8:47:80 is a prefix of real modules. */
export function batteryAddress(index: number, group = 0): string {
  const octets = [group >> 8, group, index + 1].map((octet) =>
    (octet & 0xff).toString(16).toUpperCase().padStart(2, '0'),
  );
  return `C8:47:80:${octets.join(':')}`;
}

async function closeAll(advertisements: readonly Advertisement[]): Promise<void> {
  await Promise.all(advertisements.map((advertisement) => advertisement.close()));
}
