import { simulatedDevices, type SerialSession } from '@ubmsc/simulator';
import type { FakeBluez, FakeDevice } from '@ubmsc/testing';

const ADDRESS = 'C8:47:80:00:00:01';
const manufacturerData = { 0x0b65: Buffer.from('88a0c84780000001', 'hex') };

/** A simulated battery as a device of bluetoothd. */
export function addBattery(bluez: FakeBluez): FakeDevice {
  const [simulated] = simulatedDevices({});
  if (!simulated) throw new Error('nothing is simulated');
  let session: SerialSession | undefined;
  return bluez.addDevice(ADDRESS, {
    name: simulated.name,
    manufacturerData,
    mtu: 131,
    connected: (device) => {
      session = simulated.connect({
        notificationSize: 128,
        notify: (bytes) => device.notify(bytes),
        lost: () => device.drop(),
      });
      session.subscribed?.();
    },
    disconnected: () => session?.close(),
    received: (bytes) => session?.receive(bytes),
  });
}
