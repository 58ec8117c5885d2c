import { deviceProfiles, type DeviceProfile, type DeviceProfileName } from './device-profiles.ts';
import { SimulatedDevice, type SimulatedDeviceOptions } from './simulated-device.ts';

/** Which devices are simulated together. */
export interface SimulatedDevicesOptions extends Pick<
  SimulatedDeviceOptions,
  'speed' | 'seed' | 'gatt' | 'laggingStatistics' | 'load' | 'faults'
> {
  /** How many; 1 when left out, at most 99. */
  readonly batteries?: number;
  /** Model and firmware of all of them; `JK_BD4A8S4P` when left out. */
  readonly profile?: DeviceProfileName | DeviceProfile;
  /** What sets a battery apart from the others, by its place. A profile of its own keeps its name. */
  readonly each?: readonly SimulatedDeviceOptions[];
}

const MOST_BATTERIES = 99;

/**
 * Devices that differ in name, serial number and state of charge.
 * @throws {RangeError} there cannot be this many.
 */
export function simulatedDevices(options: SimulatedDevicesOptions): SimulatedDevice[] {
  const { batteries: count = 1 } = options;
  if (!Number.isInteger(count) || count < 1 || count > MOST_BATTERIES) {
    throw new RangeError(`${count} batteries cannot be simulated, only 1 to ${MOST_BATTERIES}`);
  }
  return Array.from({ length: count }, (_, index) => simulatedDevice(options, index));
}

function simulatedDevice(options: SimulatedDevicesOptions, index: number): SimulatedDevice {
  const { profile = 'JK_BD4A8S4P', seed = 1, gatt, speed, laggingStatistics, load, faults } = options;
  const row: DeviceProfile = typeof profile === 'string' ? deviceProfiles[profile] : profile;
  const own = options.each?.[index];
  return new SimulatedDevice({
    profile: { ...row, name: nameOf(row, index), serialNumber: serialOf(row, index) },
    seed: seed + index,
    ...(gatt && { gatt }),
    ...(speed !== undefined && { speed }),
    ...(laggingStatistics !== undefined && { laggingStatistics }),
    ...(load && { load }),
    ...(faults && { faults }),
    ...own,
    battery: { ...(load ? {} : { stateOfCharge: 30 + ((30 + 17 * index) % 60) }), ...own?.battery },
  });
}

/** A number at the end counts up, as on batteries in parallel; other names get one at the end. 16 bytes at most. */
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
