import type { FakeBluez } from './fake-bluez.ts';

export type { FakeBluez, FakeDevice, FakeDeviceOptions } from './fake-bluez.ts';
export { longUuid } from './long-uuid.ts';
export { startBus, withoutBus, type PrivateBus } from './private-bus.ts';

/** Starts our bluetoothd on a bus. Its library is loaded only then. */
export async function startFakeBluez(address: string): Promise<FakeBluez> {
  const { FakeBluez: Service } = await import('./fake-bluez.ts');
  return await Service.start(address);
}
