import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { tryLock } from '@ubmsc/base';
import { LinkError, UnknownDeviceError } from '@ubmsc/session';
import {
  eventually,
  startFakeBluez,
  type FakeBluez,
  longUuid,
  startBus,
  withoutBus,
  type FakeDevice,
  type PrivateBus,
} from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Central, Sighting } from '../central/central.ts';
import { BluezSource } from './bluez-source.ts';

const ADDRESS = 'C8:47:80:00:00:01';
const target = { address: ADDRESS, name: 'JK_B2A20S20P' };

let bus: PrivateBus;
let bluez: FakeBluez;
const cleanups: (() => Promise<void> | void)[] = [];

/** What is closed after the test. */
function later<T extends AsyncDisposable | Disposable>(thing: T): T {
  cleanups.push(async () => {
    if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
    else thing[Symbol.dispose]();
  });
  return thing;
}

async function open(title = 'bluez', wanted = {}): Promise<Central> {
  const central = await new BluezSource(title, wanted).open();
  cleanups.push(async () => await central.close(new Error('the test is over')));
  return central;
}

/** Scans until the device is sighted, and returns how. */
async function sight(central: Central, address = ADDRESS): Promise<Sighting> {
  const sightings: Sighting[] = [];
  await using _ = await central.scan((sighting) => sightings.push(sighting));
  return await eventually(() => {
    const sighting = sightings.find((each) => each.address === address);
    if (!sighting) throw new Error(`${address} was not sighted`);
    return sighting;
  });
}

/** A program that is on the bus until it is ended. */
const onTheBus = `
  import { sessionBus } from '@jellybrick/dbus-next';
  sessionBus({ busAddress: process.env.DBUS_SYSTEM_BUS_ADDRESS }).on('connect', () => console.log('is there'));
`;

/** A battery that answers each request with the request. */
function battery(options: Parameters<FakeBluez['addDevice']>[1] = {}): FakeDevice {
  return bluez.addDevice(ADDRESS, {
    name: target.name,
    received: (bytes, device) => device.notify(bytes),
    ...options,
  });
}

const skipped = withoutBus();

describe.skipIf(skipped)(skipped ?? 'bluetoothd over D-Bus', () => {
  beforeEach(async () => {
    bus = await startBus();
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address);
    bluez = await startFakeBluez(bus.address);
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    bluez[Symbol.dispose]();
    await bus[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  describe('adapters', () => {
    test('any that is switched on is taken where none is named', async () => {
      bluez.addAdapter('hci0', { powered: false });
      bluez.addAdapter('hci1', { address: '00:AA:01:00:00:02' });
      const source = new BluezSource('bluez', {});
      const central = await source.open();
      await central.close(new Error('over'));
      expect(source.title).toBe('bluez:hci1');
    });

    test('one is found by its address, whatever its number is', async () => {
      bluez.addAdapter('hci0');
      bluez.addAdapter('hci3', { address: '00:AA:01:00:00:02' });
      const source = new BluezSource('bluez', { address: '00:aa:01:00:00:02' });
      const central = await source.open();
      await central.close(new Error('over'));
      expect(source.title).toBe('bluez:hci3');
    });

    test.each([
      ['is not there', {}, 'hci7', /no adapter bluez:hci7 \(bluetoothd has only hci0\)/],
      ['is switched off', { powered: false, powerState: 'off' }, 'hci0', /switched off/],
      ['is blocked', { powered: false, powerState: 'off-blocked' }, 'hci0', /blocked/],
    ])('one that %s is an error that says so', async (_, options, name, message) => {
      bluez.addAdapter('hci0', options);
      await expect(open(`bluez:${name}`, { name })).rejects.toMatchObject({
        name: 'AdapterError',
        message: expect.stringMatching(message),
        reason: 'adapterGone',
      });
    });

    test.each<readonly [string, () => Promise<void> | void, RegExp]>([
      ['switched off', () => bluez.setPowered('hci0', false), /switched off/],
      ['blocked', () => bluez.setPowered('hci0', false, 'off-blocked'), /blocked/],
      ['unplugged', () => bluez.removeAdapter('hci0'), /no adapter/],
      ['left by bluetoothd', () => bluez[Symbol.dispose](), /bluetoothd does not run/],
      ['cut off from the bus', async () => await bus[Symbol.asyncDispose](), /no D-Bus/],
    ])('one that is %s is gone, and so is every link', async (_, happen, message) => {
      bluez.addAdapter('hci0');
      const central = await open();
      battery();
      await sight(central);
      const link = later(await central.connect(target));
      const lost = new Promise((resolve) => link.listen({ data: () => {}, lost: resolve }));
      await happen();
      expect(await lost).toMatchObject({ message: expect.stringMatching(message), reason: 'adapterGone' });
      expect(central.gone.reason).toMatchObject({ name: 'AdapterError', reason: 'adapterGone' });
    });

    test('one that comes back with another number is found again', async () => {
      bluez.addAdapter('hci0');
      const source = new BluezSource('bluez:hci0', { name: 'hci0' });
      const first = await source.open();
      bluez.removeAdapter('hci0');
      await eventually(() => expect(first.gone.aborted).toBe(true));
      await first.close(new Error('over'));
      bluez.addAdapter('hci0', { address: '00:AA:01:00:00:99' });
      bluez.addAdapter('hci1');
      const second = await source.open();
      await second.close(new Error('over'));
      expect(source.title).toBe('bluez:hci1');
    });

    test('one is reset by switching it off and on', async () => {
      bluez.addAdapter('hci0');
      const source = new BluezSource('bluez', {});
      const central = await source.open();
      await source.reset(new AbortController().signal);
      await eventually(() =>
        expect(central.gone.reason).toMatchObject({ message: expect.stringContaining('switched off') }),
      );
      await central.close(new Error('over'));
      const again = await source.open();
      await again.close(new Error('over'));
    });

    test('one that somebody has switched off is not switched on to reset it', async () => {
      bluez.addAdapter('hci0', { powered: false, powerState: 'off' });
      const source = new BluezSource('bluez:hci0', { name: 'hci0' });
      await expect(source.reset(new AbortController().signal)).rejects.toMatchObject({
        name: 'AdapterError',
        message: expect.stringContaining('could not be reset: bluez:hci0 is switched off'),
      });
      expect(bluez.get('/org/bluez/hci0', 'org.bluez.Adapter1', 'Powered')).toBe(false);
    });

    test('after bluetoothd was started again, everything works', async () => {
      bluez.addAdapter('hci0');
      const source = new BluezSource('bluez', {});
      const first = await source.open();
      bluez[Symbol.dispose]();
      await eventually(() => expect(first.gone.aborted).toBe(true));
      await first.close(new Error('over'));
      bluez = await startFakeBluez(bus.address);
      bluez.addAdapter('hci0');
      battery();
      const second = await source.open();
      await sight(second);
      await using link = await second.connect(target);
      expect(link.address).toBe(ADDRESS);
      await second.close(new Error('over'));
    });
  });

  describe('scanning', () => {
    beforeEach(() => void bluez.addAdapter('hci0'));

    test('tells name, strength and what a JK battery advertises', async () => {
      const data = Buffer.from('88a0c84780000001', 'hex');
      const device = battery({ manufacturerData: { 0x0b65: data } });
      expect(await sight(await open(), device.address)).toEqual({
        address: ADDRESS,
        rssi: -60,
        localName: 'JK_B2A20S20P',
        manufacturerData: Buffer.from('650b88a0c84780000001', 'hex'),
        serviceUuids: ['0000ffe000001000800000805f9b34fb'],
      });
    });

    test('a device that bluetoothd only remembers is not sighted', async () => {
      bluez.addDevice('C8:47:80:00:00:02', { advertises: false }, { cached: true });
      battery();
      const central = await open();
      const sighted: string[] = [];
      await using _ = await central.scan(({ address }) => sighted.push(address));
      await eventually(() => expect(sighted).toContain(ADDRESS));
      expect(sighted).not.toContain('C8:47:80:00:00:02');
    });

    test('a device that another program is connected to is sighted: its link can be shared', async () => {
      const device = battery({ advertises: false });
      device.connectByOther(true);
      expect(await sight(await open())).toMatchObject({ address: ADDRESS, rssi: undefined });
    });

    test('a discovery that is being started for another program is not an error', async () => {
      bluez.refuse('StartDiscovery', 'InProgress');
      const central = await open();
      await using _ = await central.scan(() => {});
      expect(bluez.calls).toContain('Adapter.StartDiscovery');
    });

    test('it is started again when it ends by itself', async () => {
      const central = await open();
      await using _ = await central.scan(() => {});
      const starts = (): number => bluez.calls.filter((call) => call === 'Adapter.StartDiscovery').length;
      expect(starts()).toBe(1);
      bluez.setDiscovering('hci0', false);
      await eventually(() => expect(starts()).toBe(2));
    });

    test('it ends with its scan', async () => {
      const central = await open();
      const scan = await central.scan(() => {});
      expect(bluez.isDiscovering()).toBe(true);
      await scan[Symbol.asyncDispose]();
      expect(bluez.isDiscovering()).toBe(false);
    });

    test('a bluetoothd that refuses it is an error of the adapter', async () => {
      bluez.refuse('StartDiscovery', 'NotReady', 'Resource Not Ready');
      await expect((await open()).scan(() => {})).rejects.toMatchObject({
        name: 'AdapterError',
        message: 'bluez:hci0 is switched off',
      });
    });
  });

  describe('links', () => {
    let central: Central;

    beforeEach(async () => {
      bluez.addAdapter('hci0');
      central = await open();
    });

    /** A battery that is linked, and the numbers after the header of what it notifies. */
    async function numbered(): Promise<{
      readonly device: FakeDevice;
      readonly received: readonly number[];
    }> {
      const device = battery();
      await sight(central);
      const link = later(await central.connect(target));
      const received: number[] = [];
      link.listen({ data: (bytes) => void received.push(bytes[4] ?? -1), lost: () => {} });
      return { device, received };
    }

    test('carry bytes both ways, also those that came before anybody listened', async () => {
      const device = battery({ mtu: 131 });
      await sight(central);
      await using link = await central.connect(target);
      device.notify(Buffer.from('AT\r\n'));
      await link.write(Buffer.from('request'));
      const received: string[] = [];
      await eventually(() => {
        link.listen({ data: (bytes) => received.push(Buffer.from(bytes).toString()), lost: () => {} });
        expect(received).toEqual(['AT\r\n', 'request']);
      });
      expect(link.mtu).toBe(131);
      expect(link.services).toEqual([
        {
          uuid: '0000ffe000001000800000805f9b34fb',
          characteristics: [
            {
              uuid: '0000ffe100001000800000805f9b34fb',
              properties: ['writeWithoutResponse', 'write', 'notify'],
            },
          ],
        },
      ]);
    });

    test('go through their steps, and free the battery when they are closed', async () => {
      const device = battery();
      await sight(central);
      const steps: string[] = [];
      const link = await central.connect(target, { onStep: (step) => steps.push(step) });
      expect(steps).toEqual(['connecting', 'discovering', 'subscribing']);
      expect(bluez.listenersOf(device)).toBe(1);
      await link.close();
      await eventually(() => expect(bluez.isConnected(device)).toBe(false));
      expect(bluez.listenersOf(device)).toBe(0);
    });

    test.each([
      ['streams by another program', true],
      ['was left by a program that was killed', false],
    ])('share a connection that %s', async (_, listens) => {
      const device = battery({ advertises: false });
      device.connectByOther(listens);
      const link = await central.connect(target);
      expect(bluez.calls).not.toContain('Device.Connect');
      await link.close();
      await eventually(() => expect(bluez.isConnected(device)).toBe(listens));
    });

    test('stay for another program that has come to listen meanwhile', async () => {
      const device = battery();
      await sight(central);
      const link = await central.connect(target);
      const other = await open();
      const second = await other.connect(target);
      await link.close();
      expect(bluez.isConnected(device)).toBe(true);
      await second.close();
      await eventually(() => expect(bluez.isConnected(device)).toBe(false));
    });

    test('are made to a battery that another program was just connecting when this one began', async () => {
      const device = battery({ advertises: false });
      device.connectByOther(true);
      bluez.setResolved(device, false);
      // A program that is busy starting reads the answer and what follows it at once.
      const beBusy = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      bluez.follow('GetManagedObjects', () => {
        bluez.setResolved(device, true);
        process.nextTick(() => process.nextTick(beBusy));
      });
      await using link = await (await open()).connect(target);
      expect(link.name).toBe(target.name);
    });

    test('of several ubmsc programs: one asks, and the next one when it ends', async () => {
      const device = battery();
      const centrals = [central, await open(), await open()];
      for (const each of centrals) await sight(each);
      let resolve = (): void => {};
      bluez.hold('StartNotify', new Promise((done) => (resolve = done)));
      let begun = 0;
      const onStep = (step: string): void => {
        if (step === 'subscribing' && ++begun === centrals.length) resolve();
      };
      const links = await Promise.all(centrals.map(async (each) => await each.connect(target, { onStep })));
      expect(bluez.calls.filter((call) => call === 'GattCharacteristic.StartNotify')).toHaveLength(1);
      const received: string[] = [];
      for (const [index, link] of links.entries())
        link.listen({
          data: (bytes) => received.push(`${index} ${Buffer.from(bytes).toString()}`),
          lost: () => {},
        });
      const left = links.map((link, index) => ({ link, index }));
      while (left.length > 0) {
        await eventually(() => expect(bluez.listenersOf(device)).toBe(1));
        received.length = 0;
        device.notify(Buffer.from('hello'));
        const wanted = left.map(({ index }) => `${index} hello`);
        await eventually(() => expect(received.toSorted()).toEqual(wanted));
        expect(bluez.isConnected(device)).toBe(true);
        await left.shift()?.link.close();
      }
      await eventually(() => expect(bluez.isConnected(device)).toBe(false));
    });

    test('are made where somebody holds the lock and does not ask', async () => {
      const device = battery();
      await sight(central);
      const daemon = 'org.freedesktop.DBus';
      const [id] = await bluez.call(daemon, '/org/freedesktop/DBus', daemon, 'GetId', '');
      await using lock = await tryLock(`${String(id)}${device.path}`);
      expect(lock).toBeDefined();
      await using link = await central.connect(target);
      expect(link.name).toBe(target.name);
      expect(bluez.listenersOf(device)).toBe(1);
    });

    test('beside another program bring every notification once, to it as well', async () => {
      const device = battery({ advertises: false });
      device.connectByOther(true);
      await using link = await central.connect(target);
      const received: string[] = [];
      link.listen({ data: (bytes) => received.push(Buffer.from(bytes).toString()), lost: () => {} });
      await link.write(Buffer.from('hello'));
      await eventually(() => expect(received).toEqual(['hello']));
      expect(bluez.listenersOf(device)).toBe(1);
    });

    test('go on when the other program stops listening', async () => {
      const device = battery({ advertises: false });
      device.connectByOther(true);
      await using link = await central.connect(target);
      device.leaveByOther();
      await eventually(() => expect(bluez.calls).toContain('GattCharacteristic.StartNotify'));
      const received = new Promise<string>((resolve) => {
        link.listen({ data: (bytes) => resolve(Buffer.from(bytes).toString()), lost: () => {} });
      });
      await eventually(() => expect(bluez.listenersOf(device)).toBe(1));
      await link.write(Buffer.from('hello'));
      expect(await received).toBe('hello');
    });

    test('make way when another program begins to listen, so that nothing comes twice', async () => {
      const { device, received } = await numbered();
      device.connectByOther(true);
      expect(bluez.listenersOf(device)).toBe(2);
      let value = 0;
      await eventually(() => {
        device.notify(Buffer.of(0x55, 0xaa, 0xeb, 0x90, value++));
        expect(bluez.listenersOf(device)).toBe(1);
      });
      expect(bluez.isConnected(device)).toBe(true);
      await eventually(() => expect(received).toHaveLength(value));
      expect(received).toEqual(Array.from({ length: value }, (_, index) => index));
    });

    test('make way each time that another program comes', async () => {
      const { device, received } = await numbered();
      let value = 0;
      const notify = (): number => {
        device.notify(Buffer.of(0x55, 0xaa, 0xeb, 0x90, ++value));
        return value;
      };
      for (let time = 1; time <= 5; time++) {
        device.connectByOther(true);
        await eventually(() => {
          notify();
          expect(bluez.listenersOf(device)).toBe(1);
        });
        // The first one may be received together with the answer to the withdrawal.
        for (let count = 0; count < 2; count++) {
          const sent = notify();
          await eventually(() => expect(received).toContain(sent));
        }
        device.leaveByOther();
        const asked = (): readonly string[] => bluez.calls.filter((call) => call.endsWith('.StartNotify'));
        await eventually(() => expect(asked()).toHaveLength(time + 1));
      }
    });

    test('are made again where the one that is there is being disconnected', async () => {
      const device = battery();
      await sight(central);
      const first = await central.connect(target);
      await first.close();
      await using _ = await central.connect(target);
      expect(bluez.isConnected(device)).toBe(true);
      expect(bluez.calls.filter((call) => call === 'Device.Connect')).toHaveLength(2);
    });

    test('wait for a connection that another program is making', async () => {
      const device = battery();
      await sight(central);
      bluez.refuse('Connect', 'InProgress');
      const connecting = central.connect(target);
      await eventually(() => expect(bluez.calls).toContain('Device.Connect'));
      device.connectByOther(true);
      await using link = await connecting;
      expect(link.name).toBe(target.name);
    });

    test('need a discovery where bluetoothd has forgotten the device', async () => {
      const device = battery();
      await sight(central);
      bluez.forget(device);
      await using _ = await central.connect(target);
      expect(bluez.isConnected(device)).toBe(true);
      expect(bluez.isDiscovering()).toBe(false);
    });

    test.each([
      ['Failed', 'le-connection-abort-by-local', 'setupFailed'],
      ['Failed', 'le-connection-timeout', 'connectTimeout'],
      ['Failed', 'le-connection-refused', 'connectFailed'],
      ['AuthenticationFailed', 'Authentication Failed', 'connectFailed'],
    ])('that bluetoothd cannot make (%s: %s) have a reason', async (name, text, reason) => {
      const device = battery();
      await sight(central);
      bluez.refuse('Connect', name, text);
      await expect(central.connect(target)).rejects.toMatchObject({ name: 'LinkError', reason });
      await eventually(() => expect(bluez.isConnected(device)).toBe(false));
    });

    test('that are lost as they are made can be made again at once', async () => {
      const device = battery();
      await sight(central);
      let resolve = (): void => {};
      bluez.hold('StartNotify', new Promise((done) => (resolve = done)));
      const connecting = central.connect(target);
      await eventually(() => expect(bluez.calls).toContain('GattCharacteristic.StartNotify'));
      bluez.refuse('StartNotify', 'NotConnected', 'Not Connected');
      device.drop();
      resolve();
      await expect(connecting).rejects.toMatchObject({ name: 'LinkError', reason: 'setupFailed' });
    });

    test('that are given up while they are made leave no connection behind', async () => {
      const device = battery();
      await sight(central);
      let resolve = (): void => {};
      bluez.hold('Connect', new Promise((done) => (resolve = done)));
      const abort = new AbortController();
      const connecting = central.connect(target, { signal: abort.signal });
      await eventually(() => expect(bluez.calls).toContain('Device.Connect'));
      abort.abort(new Error('given up'));
      await expect(connecting).rejects.toThrow('given up');
      expect(bluez.calls).toContain('Device.Disconnect');
      resolve();
      expect(bluez.listenersOf(device)).toBe(0);
    });

    test.each([
      ['Not paired', 'NotPermitted', 'Not paired', 'pairingRequired'],
      ['Not authorized', 'NotAuthorized', 'Operation Not Authorized', 'pairingRequired'],
      ['an ATT error', 'Failed', 'Operation failed with ATT error: 0x0e', 'subscribeTimeout'],
    ])('to a battery that refuses the subscription (%s) have a reason', async (_, name, text, reason) => {
      const device = battery();
      await sight(central);
      bluez.refuse('StartNotify', name, text);
      await expect(central.connect(target)).rejects.toMatchObject({ name: 'LinkError', reason });
      await eventually(() => expect(bluez.isConnected(device)).toBe(false));
    });

    test('whose notifications another program keeps to itself say so, and leave them to it', async () => {
      const device = battery({ advertises: false });
      device.connectByOther(false);
      bluez.acquire(device);
      await expect(central.connect(target)).rejects.toMatchObject({
        reason: 'heldByProgram',
        message: expect.stringContaining('held by another program on this machine'),
      });
      expect(bluez.isConnected(device)).toBe(true);
    });

    test('that another program keeps to itself name the programs that may be it', async () => {
      const other = spawn(process.execPath, ['--input-type=module', '-e', onTheBus], { stdio: 'pipe' });
      cleanups.push(() => void other.kill());
      await once(other.stdout, 'data');
      const device = battery({ advertises: false });
      device.connectByOther(false);
      bluez.acquire(device);
      await expect(central.connect(target)).rejects.toMatchObject({
        message: expect.stringContaining(`; it may be node (process ${other.pid})`),
      });
    });

    test.each([
      ['Timeout', 'supervisionTimeout'],
      ['Remote', 'closedByBattery'],
      [undefined, 'linkLost'],
    ])('that end (%s) say why', async (why, reason) => {
      const device = battery();
      await sight(central);
      const link = later(await central.connect(target));
      const lost = new Promise<Error>((resolve) => link.listen({ data: () => {}, lost: resolve }));
      device.drop(why);
      expect(await lost).toMatchObject({ name: 'LinkError', reason });
      await expect(link.write(Buffer.of(1))).rejects.toBeInstanceOf(LinkError);
    });

    test('to a device without a serial service are refused, and what bluetoothd remembers of it is forgotten', async () => {
      battery({ services: { [longUuid('180f')]: [{ uuid: longUuid('2a19'), flags: ['read', 'notify'] }] } });
      await sight(central);
      await expect(central.connect(target)).rejects.toBeInstanceOf(UnknownDeviceError);
      expect(bluez.calls).toContain('Adapter.RemoveDevice');
    });

    test('to a device that names no services have a reason', async () => {
      battery({ services: {} });
      await sight(central);
      await expect(central.connect(target)).rejects.toMatchObject({ reason: 'noServices' });
    });

    test('of the oldest modules are written to one characteristic and notified by the other', async () => {
      const ffe1 = longUuid('ffe1');
      battery({
        services: {
          [longUuid('ffe0')]: [
            { uuid: ffe1, flags: ['write', 'write-without-response'] },
            { uuid: ffe1, flags: ['read', 'notify'] },
          ],
        },
      });
      await sight(central);
      await using link = await central.connect(target);
      const received = new Promise<string>((resolve) => {
        link.listen({ data: (bytes) => resolve(Buffer.from(bytes).toString()), lost: () => {} });
      });
      await link.write(Buffer.from('hello'));
      expect(await received).toBe('hello');
    });
  });

  test('a battery that asks to be paired is answered, another device is not', async () => {
    bluez.addAdapter('hci0');
    const central = await open();
    const device = battery();
    await sight(central);
    await using _ = await central.connect(target);
    const { sender, path } = bluez.agent ?? { sender: '', path: '' };
    const ask = async (of: string): Promise<readonly unknown[]> =>
      await bluez.call(sender, path, 'org.bluez.Agent1', 'RequestPasskey', 'o', of);
    expect(await ask(device.path)).toEqual([123_456]);
    await expect(ask('/org/bluez/hci0/dev_00_00_00_00_00_01')).rejects.toThrow('not connecting');
    expect(bluez.calls).not.toContain('Device.Pair');
  });
});
