import type { Recording } from '@ubmsc/recording';
import { batteryAddress, simulateDevices, type Simulation, type SimulationOptions } from '../simulate.ts';
import { RecordedDevice, type RecordedDeviceOptions } from './recorded-device.ts';

/** How recordings are played into an ether. */
export interface ReplayOptions extends RecordedDeviceOptions, Omit<SimulationOptions, 'addressOf'> {}

/** Recordings that advertise as batteries. */
export interface Replay extends Simulation<RecordedDevice> {
  /** Aborts when every recording was played to its end, the first time; never for those that loop. */
  readonly ended: AbortSignal;
}

/** Puts the batteries of recordings into an ether, each with its own name and address; see {@link simulateDevices}. */
export async function replay(recordings: readonly Recording[], options: ReplayOptions): Promise<Replay> {
  const devices = recordings.map((recording) => new RecordedDevice(recording, options));
  const simulation = await simulateDevices(devices, { ...options, addressOf: recordedAddresses(recordings) });
  const ended = new AbortController();
  let playing = devices.length;
  for (const device of devices) {
    device.ended.addEventListener('abort', () => --playing === 0 && ended.abort(device.ended.reason), {
      once: true,
    });
  }
  return Object.assign(simulation, { ended: ended.signal });
}

/** The recorded addresses; one that is not valid, or that another has already, becomes that of a simulated battery. */
export function recordedAddresses(recordings: readonly Recording[]): (index: number) => string {
  const taken = new Set<string>();
  const all = recordings.map(({ header }, index) => {
    const address = header.device.address?.toUpperCase();
    const isUsable =
      address !== undefined && /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(address) && !taken.has(address);
    const used = isUsable ? address : batteryAddress(index);
    taken.add(used);
    return used;
  });
  return (index) => all[index] ?? batteryAddress(index);
}
