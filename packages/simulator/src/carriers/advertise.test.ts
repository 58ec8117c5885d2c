import { duplexPair } from 'node:stream';
import { Ether } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { commands, encodeRequest, StreamParser } from '@ubmsc/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle, TestCentral } from '../../test/test-central.ts';
import { Recorder } from '../../test/test-recorder.ts';
import { advertise } from './advertise.ts';
import { advertisingData, scanResponseData } from './advertising-data.ts';
import { gattLayouts, type GattLayoutName } from '../device/gatt-layouts.ts';
import { SimulatedDevice } from '../device/simulated-device.ts';
import { simulatedLink } from './simulated-link.ts';

const address = 'C8:47:80:00:00:01';
const unknownCommands = vi.fn<() => void>();
let ether: Ether;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  ether = new Ether({ onUnknownCommand: unknownCommands });
});

afterEach(() => {
  ether.close();
  vi.useRealTimers();
  expect(unknownCommands).not.toHaveBeenCalled();
});

const pass = async (milliseconds: number): Promise<void> => {
  for (let left = milliseconds; left > 0; left -= 10) {
    vi.advanceTimersByTime(10);
    await settle();
  }
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A central that is connected, has agreed on an MTU and has found the characteristics of the stream. */
const connected = async (
  gatt: GattLayoutName,
): Promise<{ central: TestCentral; input: string; output: string; mtu: number }> => {
  const central = await TestCentral.open(ether);
  expect(await central.connect(address)).toBe(true);
  const [agreed = ''] = await central.att('020002');
  const rows = await central.characteristics('ffe0');
  expect(rows.map(({ uuid }) => uuid)).toEqual(
    gattLayouts[gatt].services.find(({ uuid }) => uuid === 'ffe0')?.characteristics.map(({ uuid }) => uuid),
  );
  const isStream = rows.filter(({ uuid }) => uuid === 'ffe1');
  const handleOf = (property: number): string => {
    const handle = isStream.find(({ properties }) => properties & property)?.handle ?? 0;
    return hex(Buffer.from([handle & 0xff, handle >> 8]));
  };
  return {
    central,
    input: handleOf(0x04),
    output: handleOf(0x10),
    mtu: Buffer.from(agreed, 'hex').readUInt16LE(1),
  };
};

/** The client characteristic configuration stands after the value. */
const subscription = (output: string): string => {
  const handle = Buffer.from(output, 'hex').readUInt16LE(0) + 1;
  return `12${hex(Buffer.from([handle & 0xff, handle >> 8]))}0100`;
};

const readDeviceInfo = hex(encodeRequest(commands.readDeviceInfo));

describe('advertising', () => {
  it('is that of a classic JK module, with the name in the scan response', async () => {
    const device = new SimulatedDevice();
    const advertisement = await advertise(device, ether, { address });
    const central = await TestCentral.open(ether);
    expect(await central.scan()).toEqual([address]);
    expect(central.heard.get(address)).toEqual(
      new Set([hex(advertisingData(address)), hex(scanResponseData('UPS_BMS'))]),
    );
    expect(advertisement).toMatchObject({ address, name: 'UPS_BMS' });
    await advertisement.close();
  });

  it('stops while a central is connected, refuses a second one, and starts again afterwards', async () => {
    const device = new SimulatedDevice();
    const advertisement = await advertise(device, ether, { address });
    const [first, second] = [await TestCentral.open(ether), await TestCentral.open(ether)];
    expect(await first.connect(address)).toBe(true);
    expect(device.connected).toBe(true);
    expect(await second.scan()).toEqual([]);
    expect(await second.connect(address)).toBe(false);
    await first.disconnect();
    expect(device.connected).toBe(false);
    expect(await second.scan()).toEqual([address]);
    expect(await second.connect(address)).toBe(true);
    await advertisement.close();
  });

  it('hangs up when a link without Bluetooth holds the device', async () => {
    const device = new SimulatedDevice();
    const advertisement = await advertise(device, ether, { address });
    const link = simulatedLink(device);
    const central = await TestCentral.open(ether);
    await central.connect(address);
    await settle();
    expect(central.disconnections).toHaveLength(1);
    await link.close();
    await advertisement.close();
  });
});

describe.each([
  ['L1', 23, [20, 20, 20, 20, 20, 20, 20, 10]],
  ['L2', 131, [128, 22]],
  ['L3', 247, [150]],
] as const)('GATT layout %s', (gatt, maxMtu, burst) => {
  it(`agrees to an MTU of ${maxMtu} and notifies in pieces that fit`, async () => {
    const device = new SimulatedDevice({ seed: 2, gatt });
    const advertisement = await advertise(device, ether, { address });
    const { central, input, output, mtu } = await connected(gatt);
    expect(mtu).toBe(maxMtu);
    expect(await central.att(subscription(output))).toEqual(['13']);
    await central.att(`52${input}${readDeviceInfo}`);
    await pass(170);
    const sizes = central.notifications.map(({ length }) => length);
    expect(sizes).toEqual([...burst, ...burst]);
    const parser = new StreamParser();
    const items = central.notifications.flatMap((bytes) => parser.push(bytes));
    expect(items.map(({ kind }) => kind)).toEqual(['frame']);
    await advertisement.close();
  });
});

describe('connection', () => {
  it('takes requests by write with response too, and answers them', async () => {
    const advertisement = await advertise(new SimulatedDevice(), ether, { address });
    const { central, input, output } = await connected('L2');
    await central.att(subscription(output));
    expect(await central.att(`12${input}${readDeviceInfo}`)).toEqual(['13']);
    await pass(170);
    expect(central.notifications.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThanOrEqual(300);
    await advertisement.close();
  });

  it('loses what comes before the subscription and after its end', async () => {
    const advertisement = await advertise(new SimulatedDevice(), ether, { address });
    const { central, input, output } = await connected('L2');
    await central.att(`52${input}${readDeviceInfo}`);
    await pass(1000);
    expect(central.notifications).toEqual([]);
    await central.att(subscription(output));
    await pass(250);
    const heartbeats = central.notifications.length;
    expect(heartbeats).toBeGreaterThan(0);
    await central.att(subscription(output).replace(/0100$/, '0000'));
    await pass(1000);
    expect(central.notifications).toHaveLength(heartbeats);
    await advertisement.close();
  });

  it('the device can end it, and advertises again', async () => {
    const device = new SimulatedDevice();
    const advertisement = await advertise(device, ether, { address });
    const { central } = await connected('L2');
    device.disconnect(new Error('switched off'));
    await settle();
    expect(central.disconnections).toEqual([0x13]);
    expect(await central.scan()).toEqual([address]);
    await advertisement.close();
  });
});

describe('closing', () => {
  it('ends the connection for the central too and leaves nothing behind', async () => {
    const before = [process.listenerCount('SIGINT'), process.listenerCount('exit'), vi.getTimerCount()];
    const variables = { ...process.env };
    const device = new SimulatedDevice();
    const advertisement = await advertise(device, ether, { address });
    const { central } = await connected('L2');
    await Promise.all([advertisement.close(), advertisement.close()]);
    await settle();
    expect(central.disconnections).toEqual([0x13]);
    expect(device.connected).toBe(false);
    expect(ether.controllers.map((controller) => controller.address)).not.toContain(address);
    central.close();
    await settle();
    expect(ether.controllers).toEqual([]);
    expect([process.listenerCount('SIGINT'), process.listenerCount('exit'), vi.getTimerCount()]).toEqual(
      before,
    );
    expect(process.env).toEqual(variables);
    await (await advertise(device, ether, { address })).close();
  });

  it('is safe after the ether has been closed, and the device is free', async () => {
    const device = new SimulatedDevice();
    const advertisement = await advertise(device, ether, { address });
    await connected('L2');
    ether.close();
    await settle();
    expect(device.connected).toBe(false);
    await advertisement.close();
    device.connect(new Recorder()).close();
  });
});

describe('starting fails', () => {
  it('with the reason of the signal, and leaves no controller', async () => {
    const reason = new Error('never mind');
    await expect(advertise(new SimulatedDevice(), ether, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const starting = advertise(new SimulatedDevice(), ether, { signal: controller.signal });
    controller.abort(reason);
    await expect(starting).rejects.toBe(reason);
    expect(ether.controllers).toEqual([]);
  });

  it('on an address that is taken', async () => {
    const advertisement = await advertise(new SimulatedDevice(), ether, { address });
    await expect(advertise(new SimulatedDevice(), ether, { address })).rejects.toMatchObject({
      constructor: AdapterError,
      hint: expect.stringContaining('address'),
    });
    expect(ether.controllers).toHaveLength(1);
    await advertisement.close();
  });

  it('when the controller does not answer in time', async () => {
    const [host] = duplexPair();
    const starting = advertise(new SimulatedDevice(), { open: () => host }, { timeout: 50 });
    const failed = expect(starting).rejects.toThrow(AdapterError);
    await pass(50);
    await failed;
    expect(host.destroyed).toBe(true);
  });

  it('but not because the machine is slow to load what it needs', async () => {
    vi.useRealTimers();
    const starting = advertise(new SimulatedDevice(), ether, { address, timeout: 1000 });
    const loaded = performance.now() + 1100;
    while (performance.now() < loaded);
    const advertisement = await starting;
    await advertisement.close();
  });
});

describe('on a machine without this Bluetooth adapter', () => {
  it('fails with an error that says what to do', async () => {
    const starting = advertise(new SimulatedDevice(), 'hci99', { timeout: 1000 });
    await expect(starting).rejects.toBeInstanceOf(AdapterError);
  });
});
