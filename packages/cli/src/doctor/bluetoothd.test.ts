import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBus, startFakeBluez, withoutBus, type FakeBluez, type PrivateBus } from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';

const ADDRESS = 'C8:47:80:00:00:01';
const manufacturerData = { 0x0b65: Buffer.from('88a0c84780000001', 'hex') };

let root: string;
let bus: PrivateBus;
let bluez: FakeBluez | undefined;

const skipped = withoutBus();

/** The first finding that is a failure. */
async function firstFailure(adapter = 'bluez'): Promise<Finding | undefined> {
  const { signal } = new AbortController();
  const options = { adapter, root, listen: 300, measure: 100, requestTimeout: 100, signal };
  for await (const finding of diagnose(options)) if (finding.outcome === 'failed') return finding;
  return undefined;
}

describe.skipIf(skipped)(skipped ?? 'doctor says of bluetoothd', () => {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ubmsc-doctor-'));
    bus = await startBus();
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address);
  });

  afterEach(async () => {
    bluez?.[Symbol.dispose]();
    bluez = undefined;
    await bus[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });

  test.each(['bluez', 'auto'])('that there is no bus (%s)', async (adapter) => {
    await mkdir(join(root, 'sys/class/bluetooth/hci0'), { recursive: true });
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', `unix:path=${root}/none`);
    vi.spyOn(process, 'pid', 'get').mockReturnValue(-1); // a process without rights
    expect(await firstFailure(adapter)).toMatchObject({
      stage: 'adapter',
      text: expect.stringContaining('this system has no D-Bus'),
      hint: expect.stringContaining('install and start dbus'),
      exitCode: 3,
    });
  });

  test('that the bus refuses', async () => {
    await bus[Symbol.asyncDispose]();
    bus = await startBus({ refuse: 'org.bluez' });
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address);
    bluez = await startFakeBluez(bus.address);
    expect(await firstFailure()).toMatchObject({
      stage: 'adapter',
      text: expect.stringContaining('does not let this process'),
      hint: expect.stringContaining('policy'),
    });
  });

  test('that it does not run', async () => {
    expect(await firstFailure()).toMatchObject({
      stage: 'adapter',
      text: expect.stringContaining('bluetoothd does not run'),
      hint: expect.stringContaining('systemctl start bluetooth'),
    });
  });

  test('that a machine has no adapter', async () => {
    bluez = await startFakeBluez(bus.address);
    expect(await firstFailure()).toMatchObject({
      stage: 'adapter',
      text: expect.stringContaining('no adapter'),
    });
    expect(await firstFailure('auto')).toMatchObject({
      stage: 'adapter',
      text: 'this machine has no Bluetooth adapter',
    });
  });

  test('that it has another adapter', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    expect(await firstFailure('bluez:hci7')).toMatchObject({
      stage: 'adapter',
      text: 'hci7 is not there: bluetoothd has hci0',
    });
  });

  test('that its adapter is blocked', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0', { powered: false, powerState: 'off-blocked' });
    expect(await firstFailure()).toMatchObject({
      stage: 'open',
      hint: expect.stringContaining('rfkill unblock'),
    });
    await mkdir(join(root, 'sys/class/rfkill/rfkill0'), { recursive: true });
    for (const [name, text] of Object.entries({ type: 'bluetooth', name: 'hci0', soft: '1' })) {
      await writeFile(join(root, 'sys/class/rfkill/rfkill0', name), text);
    }
    expect(await firstFailure('auto')).toMatchObject({ stage: 'rfkill', hint: 'rfkill unblock bluetooth' });
  });

  test('that its adapter is switched off', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0', { powered: false, powerState: 'off' });
    expect(await firstFailure()).toMatchObject({
      stage: 'open',
      text: 'bluez:hci0 is switched off',
      hint: expect.stringContaining('bluetoothctl power on'),
    });
  });

  test('that another program keeps the battery to itself', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    const device = bluez.addDevice(ADDRESS, { name: 'JK', manufacturerData, advertises: false });
    device.connectByOther(false);
    bluez.acquire(device);
    expect(await firstFailure('auto')).toMatchObject({
      stage: 'subscribe',
      text: expect.stringContaining('held by another program'),
      exitCode: 5,
    });
  });

  test('that a battery wants to be paired', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    bluez.addDevice(ADDRESS, { name: 'JK', manufacturerData });
    bluez.refuse('StartNotify', 'NotPermitted', 'Not paired');
    expect(await firstFailure()).toMatchObject({
      stage: 'subscribe',
      text: 'JK wants to be paired before it is read',
      exitCode: 5,
    });
  });

  test('that a battery is held by a phone or switched off', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    expect(await firstFailure()).toMatchObject({
      stage: 'hears',
      exitCode: 4,
      hint: expect.stringContaining('phone'),
    });
  });

  test('what was chosen, and why', async () => {
    bluez = await startFakeBluez(bus.address);
    bluez.addAdapter('hci0');
    const { signal } = new AbortController();
    const texts: string[] = [];
    for await (const { stage, text } of diagnose({
      adapter: 'auto',
      root,
      listen: 100,
      measure: 1,
      signal,
    })) {
      if (stage === 'adapter') texts.push(text);
    }
    expect(texts).toEqual(['bluetoothd has hci0; chosen because bluetoothd runs and has hci0']);
  });
});
