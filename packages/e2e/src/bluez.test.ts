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

  test('reads a battery with no flag at all, says why it used bluetoothd, and frees the battery', async () => {
    const { code, stdout, stderr } = await run('-l', 'info', '-d', 'UPS_BMS', '-c', '-f', 'json').ended;
    expect(stderr).toContain('bluez is used, because bluetoothd runs and has hci0');
    expect(JSON.parse(stdout)).toMatchObject({ cell_data: [{ cell_voltage: { length: 4 } }] });
    expect(code).toBe(0);
    await eventually(() => expect(bluez.isConnected(battery)).toBe(false));
  });

  test('a program that listens to the battery goes on through -i', async () => {
    battery.connectByOther(true);
    const { code } = await run('-i').ended;
    expect(code).toBe(0);
    expect(bluez.isConnected(battery)).toBe(true);
    expect(bluez.listenersOf(battery)).toBe(1);
  });
});
