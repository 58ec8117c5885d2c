export { FakeBluez, longUuid, type FakeDevice, type FakeDeviceOptions } from './fake-bluez.ts';
export { startBus, withoutBus, type PrivateBus } from './private-bus.ts';
