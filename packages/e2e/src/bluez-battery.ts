import { simulatedDevices, type SerialSession } from '@ubmsc/simulator';
import { startBus, startFakeBluez, type FakeBluez, type FakeDevice, type PrivateBus } from '@ubmsc/testing';
import { start, type Running } from './command.ts';

const ADDRESS = 'C8:47:80:00:00:01';
const manufacturerData = { 0x0b65: Buffer.from('88a0c84780000001', 'hex') };

/** A simulated battery as a device of bluetoothd. */
function addBattery(bluez: FakeBluez): FakeDevice {
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

/** A bluetoothd with a battery, on a bus of its own, until it is disposed of. */
export class Bluetoothd implements AsyncDisposable {
  readonly #bus: PrivateBus;
  #bluez: FakeBluez;
  #battery: FakeDevice;

  private constructor(bus: PrivateBus, bluez: FakeBluez) {
    this.#bus = bus;
    this.#bluez = bluez;
    this.#battery = withBattery(bluez);
  }

  static async start(): Promise<Bluetoothd> {
    const bus = await startBus();
    return new Bluetoothd(bus, await startFakeBluez(bus.address));
  }

  get battery(): FakeDevice {
    return this.#battery;
  }

  get isConnected(): boolean {
    return this.#bluez.isConnected(this.#battery);
  }

  /** How many programs listen to the battery. */
  get listeners(): number {
    return this.#bluez.listenersOf(this.#battery);
  }

  /** Runs the built command without naming an adapter. */
  run(...args: readonly string[]): Running {
    return start(args, { DBUS_SYSTEM_BUS_ADDRESS: this.#bus.address });
  }

  stop(): void {
    this.#battery.drop();
    this.#bluez[Symbol.dispose]();
  }

  async startAgain(): Promise<void> {
    this.#bluez = await startFakeBluez(this.#bus.address);
    this.#battery = withBattery(this.#bluez);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.#bus[Symbol.asyncDispose]();
  }
}

function withBattery(bluez: FakeBluez): FakeDevice {
  bluez.addAdapter('hci0');
  return addBattery(bluez);
}
