import { advertise, type Advertisement, type AdvertiseOptions } from './advertise.ts';
import type { PeripheralAdapter } from './bleno-host.ts';
import { deviceProfiles, type DeviceProfile, type DeviceProfileName } from './device-profiles.ts';
import type { GattLayoutName } from './gatt-layouts.ts';
import { SimulatedDevice, type SimulatedDeviceOptions } from './simulated-device.ts';
import type { BatteryModel } from './battery-model.ts';

export interface SimulateOptions extends Pick<
  SimulatedDeviceOptions,
  'speed' | 'seed' | 'laggingStatistics' | 'faults'
> {
  /** The ether in which the batteries advertise. */
  readonly ether: Exclude<PeripheralAdapter, string>;
  /** How many; 1 when left out, at most 99. */
  readonly batteries?: number;
  /** Model and firmware of all of them; `JK_BD4A8S4P` when left out. */
  readonly profile?: DeviceProfileName | DeviceProfile;
  /** What sets a battery apart from the others, by its place. A profile of its own keeps its name. */
  readonly each?: readonly SimulatedDeviceOptions[];
  /** GATT layout of all of them (reference, section 1.3); that of the profile when left out. */
  readonly gatt?: GattLayoutName;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
  /** Longest time in ms until all advertise; 10 000 when left out. */
  readonly timeout?: number;
}

export interface SimulatedBattery {
  readonly name: string;
  readonly address: string;
  readonly device: SimulatedDevice;
  readonly model: BatteryModel;
}

/** Batteries that advertise until the simulation is closed. */
export interface Simulation extends AsyncDisposable {
  readonly batteries: readonly SimulatedBattery[];
  /** Closes all of them. Safe at any time and more than once. */
  close(): Promise<void>;
}

const MOST_BATTERIES = 99;

/**
 * Puts batteries into an ether, each with name, address, serial number and state of charge of its own. Resolves
 * when all advertise; when one cannot, none does.
 * @throws {RangeError} there cannot be so many batteries.
 * @throws {AdapterError} a virtual controller could not be used, or did not answer in time.
 * @throws the reason of `signal` when that is aborted first.
 */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const { ether, batteries: count = 1 } = options;
  if (!Number.isInteger(count) || count < 1 || count > MOST_BATTERIES) {
    throw new RangeError(`${count} batteries cannot be simulated, only 1 to ${MOST_BATTERIES}`);
  }
  const { signal, timeout, gatt } = options;
  const start: AdvertiseOptions = {
    ...(signal && { signal }),
    ...(gatt && { gatt }),
    ...(timeout !== undefined && { timeout }),
  };
  const devices = Array.from({ length: count }, (_, index) => simulatedDevice(options, index));
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
  return {
    batteries: devices.map((device, index) => ({
      name: device.name,
      address: addressOf(index),
      device,
      model: device.model,
    })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function simulatedDevice(options: SimulateOptions, index: number): SimulatedDevice {
  const { profile = 'JK_BD4A8S4P', seed = 1, speed, laggingStatistics, faults } = options;
  const row: DeviceProfile = typeof profile === 'string' ? deviceProfiles[profile] : profile;
  const own = options.each?.[index];
  return new SimulatedDevice({
    profile: { ...row, name: nameOf(row, index), serialNumber: serialOf(row, index) },
    seed: seed + index,
    ...(speed !== undefined && { speed }),
    ...(laggingStatistics !== undefined && { laggingStatistics }),
    ...(faults && { faults }),
    ...own,
    battery: { stateOfCharge: 30 + ((30 + 17 * index) % 60), ...own?.battery },
  });
}

/** A number at the end counts up, as on batteries in parallel; other names get one behind them. 16 bytes at most. */
function nameOf({ name }: DeviceProfile, index: number): string {
  const [number] = /\d+$/.exec(name) ?? [];
  if (number !== undefined) return name.slice(0, -number.length) + counted(number, index);
  return index === 0 ? name : `${name.slice(0, 13)}_${index + 1}`;
}

/** The digits at the end count up; balancers have no serial number. */
function serialOf({ serialNumber }: DeviceProfile, index: number): string {
  const [number = ''] = /\d*$/.exec(serialNumber) ?? [];
  if (number === '') return serialNumber;
  return serialNumber.slice(0, -number.length) + counted(number, index);
}

/** Decimal digits plus `index`, in the same number of digits. */
function counted(digits: string, index: number): string {
  return String(Number(digits) + index).padStart(digits.length, '0');
}

/** C8:47:80 is a prefix of real modules (reference, section 1.2). */
function addressOf(index: number): string {
  return `C8:47:80:00:00:${(index + 1).toString(16).toUpperCase().padStart(2, '0')}`;
}

async function closeAll(advertisements: readonly Advertisement[]): Promise<void> {
  await Promise.all(advertisements.map((advertisement) => advertisement.close()));
}
