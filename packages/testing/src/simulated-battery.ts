import { SimulatedDevice, simulatedLink, type SimulatedDeviceOptions } from '@ubmsc/simulator';
import type { Link } from '@ubmsc/session';
import type { FakeBattery } from './fake-central.ts';

/** A simulated battery on a link without Bluetooth, which a fake central connects to. */
export function simulatedBattery(
  address: string,
  name: string,
  options: SimulatedDeviceOptions = {},
): FakeBattery & { readonly device: SimulatedDevice } {
  const device = new SimulatedDevice(options);
  return {
    address,
    name,
    device,
    connect: async (): Promise<Link> => simulatedLink(device, { address }),
  };
}
