import { simulatedDevices, type SerialSession } from '@ubmsc/simulator';
import {
  eventually,
  startBus,
  startFakeBluez,
  withoutBus,
  type FakeBluez,
  type FakeDevice,
  type PrivateBus,
} from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { start, type Running } from './command.ts';

const ADDRESS = 'C8:47:80:00:00:01';
const manufacturerData = { 0x0b65: Buffer.from('88a0c84780000001', 'hex') };

let bus: PrivateBus;
let bluez: FakeBluez;
let battery: FakeDevice;

/** A simulated battery as a device of bluetoothd. */
function addBattery(): FakeDevice {
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

/** Runs the built command without naming an adapter. */
function run(...args: readonly string[]): Running {
  return start(args, { DBUS_SYSTEM_BUS_ADDRESS: bus.address });
}

const skipped = withoutBus();

describe.skipIf(skipped)(skipped ?? 'the built command, beside bluetoothd', () => {
  beforeEach(async () => {
    bus = await startBus();
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    battery = addBattery();
  });

  afterEach(async () => {
    battery.drop();
    bluez[Symbol.dispose]();
    await bus[Symbol.asyncDispose]();
  });

  test('reads a battery with no flag at all, says why it used bluetoothd, and frees the battery', async () => {
    const { code, stdout, stderr } = await run('-l', 'info', '-d', 'UPS_BMS', '-c', '-f', 'json').ended;
    expect(stderr).toContain('bluez is used, because bluetoothd runs and has hci0');
    expect(JSON.parse(stdout)).toMatchObject({ cell_data: [{ cell_voltage: { length: 4 } }] });
    expect(code).toBe(0);
    await eventually(() => expect(bluez.isConnected(battery)).toBe(false));
  });

  test.each(['-i', '-c', 'settings UPS_BMS', 'scan -t 1'])(
    'a program that listens to the battery goes on through %s',
    async (line) => {
      battery.connectByOther(true);
      const { code } = await run(...line.split(' ')).ended;
      expect(code).toBe(0);
      expect(bluez.isConnected(battery)).toBe(true);
      expect(bluez.listenersOf(battery)).toBe(1);
    },
  );

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('and through a %s', async (signal) => {
    battery.connectByOther(true);
    const running = run('watch', 'UPS_BMS');
    await running.printed('UPS_BMS');
    running.process.kill(signal);
    await running.ended;
    expect(bluez.isConnected(battery)).toBe(true);
    expect(bluez.listenersOf(battery)).toBe(1);
  });

  test('what a killed command has left behind keeps nobody from the battery', async () => {
    const killed = run('watch', 'UPS_BMS');
    await killed.printed('UPS_BMS');
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(bluez.isConnected(battery)).toBe(true);
    const { code } = await run('-d', 'UPS_BMS', '-c').ended;
    expect(code).toBe(0);
    await eventually(() => expect(bluez.isConnected(battery)).toBe(false));
  });

  test('watching goes on when bluetoothd has restarted', async () => {
    const running = run('-l', 'info', 'watch', 'UPS_BMS');
    await running.printed('UPS_BMS');
    battery.drop();
    bluez[Symbol.dispose]();
    await running.told('bluetoothd does not run');
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    battery = addBattery();
    await running.told('works again');
    await eventually(() => expect(bluez.listenersOf(battery)).toBe(1));
    running.process.kill('SIGTERM');
    await running.ended;
  });
});
