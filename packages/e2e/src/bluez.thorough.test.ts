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
import { addBattery } from './bluez-battery.ts';
import { start, type Running } from './command.ts';

let bus: PrivateBus;
let bluez: FakeBluez;
let battery: FakeDevice;

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
    battery = addBattery(bluez);
  });

  afterEach(async () => {
    battery.drop();
    bluez[Symbol.dispose]();
    await bus[Symbol.asyncDispose]();
  });

  test.each(['-c', 'settings UPS_BMS', 'scan -t 1'])(
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
    battery = addBattery(bluez);
    await running.told('works again');
    await eventually(() => expect(bluez.listenersOf(battery)).toBe(1));
    running.process.kill('SIGTERM');
    await running.ended;
  });
});
