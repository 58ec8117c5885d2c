import { Ether, errorCodes } from '@ubmsc/hci';
import { LinkError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settle, TestCentral } from '../../test/test-central.ts';
import { advertise } from '../carriers/advertise.ts';
import { advertisingData } from '../carriers/advertising-data.ts';
import { parseFaults } from './faults.ts';
import { simulate } from '../simulate.ts';
import { SimulatedDevice } from '../device/simulated-device.ts';
import { simulatedLink } from '../carriers/simulated-link.ts';

const address = 'C8:47:80:00:00:01';
let ether: Ether;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  ether = new Ether();
});

afterEach(() => {
  ether.close();
  vi.useRealTimers();
});

const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await settle();
};

/** A battery in the ether with these faults, and a central. */
const meet = async (...specs: readonly string[]): Promise<TestCentral> => {
  await simulate({ ether, faults: parseFaults(specs) });
  return await TestCentral.open(ether);
};

it('held-by-other: nobody hears the device or gets in, until it is free', async () => {
  const central = await meet('held-by-other=30');
  expect(await central.scan()).toEqual([]);
  expect(await central.connect(address)).toBe(false);
  await pass(30_000);
  expect(await central.scan()).toEqual([address]);
  expect(await central.connect(address)).toBe(true);
});

it('held-by-other: a link without Bluetooth is refused, too', () => {
  const device = new SimulatedDevice({ faults: parseFaults(['held-by-other']) });
  expect(() => simulatedLink(device)).toThrow(LinkError);
  expect(device.connected).toBe(false);
});

it('stale-session: after a lost link the device is not received for that time, after a closed one it is', async () => {
  const central = await meet('stale-session=30', 'flap=5');
  expect(await central.connect(address)).toBe(true);
  await central.disconnect();
  expect(await central.scan()).toEqual([address]);
  expect(await central.connect(address)).toBe(true);
  await pass(5000);
  expect(central.disconnections.at(-1)).toBe(errorCodes['Connection Timeout']);
  expect(await central.scan()).toEqual([]);
  await pass(30_000);
  expect(await central.scan()).toEqual([address]);
});

it('connect-hang: the device is received, but connecting never completes', async () => {
  const central = await meet('connect-hang');
  expect(await central.scan()).toEqual([address]);
  expect(await central.connect(address)).toBe(false);
});

it('lost-connection-complete: the device is taken, and its central does not know', async () => {
  const central = await meet('lost-connection-complete');
  expect(await central.connect(address)).toBe(false);
  expect(central.connections).toEqual([]);
  expect(await central.scan()).toEqual([]);
});

it.each([
  ['drop-after', 1, 0x3e],
  ['drop-after=200', 200, 0x3e],
  ['flap=3', 3000, 0x08],
  ['pairing=kick', 5000, 0x13],
])(
  '%s: the link ends after %d ms with reason %d, and the device advertises again',
  async (spec, time, reason) => {
    const central = await meet(spec);
    await central.connect(address);
    expect(central.connections).toHaveLength(1);
    await pass(time);
    expect(central.disconnections).toEqual([reason]);
    expect(await central.scan()).toEqual([address]);
  },
);

it('no-disconnect-event: a link ends, and the host of its central is not told', async () => {
  const central = await meet('no-disconnect-event', 'drop-after');
  await central.connect(address);
  await pass(1);
  expect(central.disconnections).toEqual([]);
  expect(await central.scan()).toEqual([address]);
});

it('name: another name is advertised, or none', async () => {
  const central = await meet('name=Garage');
  await central.scan();
  expect([...(central.heard.get(address) ?? [])].join()).toContain(Buffer.from('Garage').toString('hex'));
});

it('name=: the scan response is empty', async () => {
  const central = await meet('name=');
  await central.scan();
  expect(central.heard.get(address)).toEqual(new Set([advertisingData(address).toString('hex'), '']));
});

it('rssi: the device is received with that strength', async () => {
  await meet('rssi=-127');
  expect(ether.controllers.find((controller) => controller.address === address)?.rssi).toBe(-127);
});

it('gatt=empty: no service of the device is found', async () => {
  const central = await meet('gatt=empty');
  await central.connect(address);
  expect(await central.att('100100ffff0028')).toEqual(['011001000a']);
});

it('pairing=required: subscribing to the stream is refused for want of authentication', async () => {
  const central = await meet('pairing=required');
  await central.connect(address);
  const rows = await central.characteristics('ffe0');
  const value = rows.find(({ uuid }) => uuid === 'ffe1')?.handle ?? 0;
  const handle = (value + 1).toString(16).padStart(2, '0');
  expect(await central.att(`12${handle}000100`)).toEqual([`0112${handle}0005`]);
});

it('mtu: no larger ATT_MTU is agreed to', async () => {
  const central = await meet('mtu=23');
  await central.connect(address);
  expect(await central.att('020002')).toEqual(['031700']);
});

it('out-of-range: the link times out, and the device is not received until it is back', async () => {
  const central = await meet('out-of-range=30');
  await central.connect(address);
  await pass(5000);
  expect(central.disconnections).toEqual([errorCodes['Connection Timeout']]);
  expect(await central.scan()).toEqual([]);
  await pass(30_000);
  expect(await central.scan()).toEqual([address]);
});

it('rename: another name is advertised when the first link has ended', async () => {
  const central = await meet('rename=Boat');
  const name = Buffer.from('Boat').toString('hex');
  const isRenamed = async (): Promise<boolean> => {
    await central.scan();
    return [...(central.heard.get(address) ?? [])].join().includes(name);
  };
  expect(await isRenamed()).toBe(false);
  await central.connect(address);
  await central.disconnect();
  expect(await isRenamed()).toBe(true);
});

it.each([
  ['0x0B65', '0bff650b88a0c84780000001'],
  ['0xFAD6', '0bffd6fa88a0c84780000001'],
  ['0x4B4A', '05ff4a4b0001'],
])('advert=%s: the manufacturer data are those of such a module', async (company, data) => {
  const central = await meet(`advert=${company}`);
  await central.scan();
  expect([...(central.heard.get(address) ?? [])][0]).toContain(data);
});

it('gatt=ff00: there is a service, and it is another one', async () => {
  const central = await meet('gatt=ff00');
  await central.connect(address);
  expect((await central.characteristics('ff00')).map(({ uuid }) => uuid)).toEqual(['ff01', 'ff02']);
});

it('gatt=full: FFE1 comes last of many; gatt=old-module: there are two', async () => {
  const full = await meet('gatt=full');
  await full.connect(address);
  expect((await full.characteristics('ffe0')).map(({ uuid }) => uuid)).toEqual(['ffe3', 'ffe2', 'ffe1']);
  await full.disconnect();
  ether.close();
  ether = new Ether();
  const old = await meet('gatt=old-module');
  await old.connect(address);
  expect((await old.characteristics('ffe0')).map(({ uuid }) => uuid)).toEqual(['ffe1', 'ffe1']);
});

it('discovery-hang: who asks for services gets no answer, who exchanges the MTU does', async () => {
  const central = await meet('discovery-hang');
  await central.connect(address);
  expect(await central.att('100100ffff0028')).toEqual([]);
  expect(await central.att('020002')).toEqual(['038300']);
});

it('subscribe-hang: a subscription is never confirmed', async () => {
  const central = await meet('subscribe-hang');
  await central.connect(address);
  const rows = await central.characteristics('ffe0');
  const value = rows.find(({ uuid }) => uuid === 'ffe1')?.handle ?? 0;
  const handle = (value + 1).toString(16).padStart(2, '0');
  expect(await central.att(`12${handle}000100`)).toEqual([]);
});

it('mtu-exchange: the device asks for an MTU by itself, and takes the answer', async () => {
  const central = await meet('mtu-exchange');
  await central.connect(address);
  expect(central.pdus.map((pdu) => pdu.toString('hex'))).toEqual(['028300']);
  expect(await central.att('038300')).toEqual([]);
});

it('pairing=request: the device asks to be paired, and goes on without', async () => {
  const central = await meet('pairing=request');
  await central.connect(address);
  expect(central.pdus.map((pdu) => pdu.toString('hex'))).toEqual(['0b05']);
  expect(await central.att('020002')).toEqual(['038300']);
});

it('faults end, and others begin, while a device advertises', async () => {
  const simulation = await simulate({ ether, faults: parseFaults(['connect-hang', 'gatt=empty', 'mtu=23']) });
  const central = await TestCentral.open(ether);
  expect(await central.connect(address)).toBe(false);
  simulation.batteries[0]?.device.setFaults(parseFaults(['name=Boat']));
  await settle();
  await central.scan();
  expect([...(central.heard.get(address) ?? [])].join()).toContain(Buffer.from('Boat').toString('hex'));
  expect(await central.connect(address)).toBe(true);
  expect(await central.att('020002')).toEqual(['038300']);
  expect((await central.characteristics('ffe0')).length).toBe(2);
});

it('faults of the air are refused on a real controller', async () => {
  const device = new SimulatedDevice({ faults: parseFaults(['connect-hang']) });
  await expect(advertise(device, 'hci0')).rejects.toBeInstanceOf(UsageError);
});
