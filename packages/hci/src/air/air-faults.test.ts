import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  advertisingData,
  advertisingParameters,
  connectionParameters,
  le16,
  scanParameters,
  settle,
  TestHost,
} from '../../test/test-host.ts';
import type { AirFaults, FaultyConnection } from './air-faults.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { Ether } from '../ether/ether.ts';

const battery = 'C8:47:8C:00:00:01';
let ether: Ether;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  ether = new Ether();
});

afterEach(() => {
  ether.close();
  vi.useRealTimers();
});

async function newHost(address?: string, faults?: AirFaults): Promise<TestHost> {
  const host = new TestHost(ether.open({ ...(address && { address }), ...(faults && { faults }) }));
  await host.command('HCI_Reset');
  await host.command('HCI_Set_Event_Mask', Buffer.from('fffffbff07f8bf3d', 'hex'));
  return host;
}

/** A central that has asked for a connection with an advertiser around which these faults are. */
async function connect(faults: AirFaults): Promise<{ central: TestHost; peripheral: TestHost }> {
  const peripheral = await newHost(battery, faults);
  await peripheral.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters());
  await peripheral.command('HCI_LE_Set_Advertising_Data', advertisingData('advertisement'));
  await peripheral.command('HCI_LE_Set_Advertising_Enable', 1);
  const central = await newHost();
  await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
  return { central, peripheral };
}

const connections = (host: TestHost): number[] =>
  host.events.flatMap((event) => (event.event === 'leConnectionComplete' ? [event.connectionHandle] : []));

const reasons = (host: TestHost): number[] =>
  host.events.flatMap((event) => (event.event === 'disconnectionComplete' ? [event.reason] : []));

test('a PDU that does not get through never arrives, whichever way it goes', async () => {
  const passes = vi.fn<NonNullable<AirFaults['passes']>>((type) => type !== 'CONNECT_IND');
  const { central, peripheral } = await connect({ passes });
  expect(connections(central)).toEqual([]);
  expect(connections(peripheral)).toEqual([]);
  expect(passes.mock.calls).toContainEqual(['ADV', 'out']);
  expect(passes.mock.calls).toContainEqual(['CONNECT_IND', 'in']);
});

test('only the other side is not told of a connection and its end', async () => {
  const { central, peripheral } = await connect({ tells: () => false });
  const [handle = 0] = connections(peripheral);
  expect(connections(central)).toEqual([]);
  await peripheral.command('HCI_Disconnect', le16(handle), 0x13);
  expect(reasons(peripheral)).toEqual([errorCodes['Connection Terminated By Local Host']]);
  expect(reasons(central)).toEqual([]);
});

test('a connection that is lost ends for both sides with that reason, once', async () => {
  const links: FaultyConnection[] = [];
  const disconnected = vi.fn<(reason: number) => void>();
  const { central, peripheral } = await connect({ connected: (link) => links.push(link), disconnected });
  expect(links).toHaveLength(1);
  const name = 'Connection Failed to be Established / Synchronization Timeout';
  links[0]?.lose(name);
  links[0]?.lose('Connection Timeout');
  await settle();
  expect([reasons(central), reasons(peripheral)]).toEqual([[0x3e], [0x3e]]);
  expect(disconnected.mock.calls).toEqual([[0x3e]]);
});

test('what the own host does not take is acknowledged, and the link goes on', async () => {
  const taken: string[] = [];
  const takes = (frame: Buffer): boolean => taken.push(frame.toString()) > 1;
  const { central, peripheral } = await connect({ takes });
  const [handle = 0] = connections(central);
  central.sendData(handle, Buffer.from('first'));
  central.sendData(handle, Buffer.from('second'));
  await settle();
  expect(taken).toEqual(['first', 'second']);
  expect(peripheral.data.map(({ text }) => text)).toEqual(['second']);
  expect(central.news('numberOfCompletedPackets')).toHaveLength(2);
});

test('a frame can be sent to the other host in the name of the own one, while there is a link', async () => {
  const links: FaultyConnection[] = [];
  const { central } = await connect({ connected: (link) => links.push(link) });
  links[0]?.send(Buffer.from('forged'));
  await settle();
  links[0]?.lose('Connection Timeout');
  links[0]?.send(Buffer.from('too late'));
  await settle();
  expect(central.data).toEqual([{ boundary: 0b10, text: 'forged' }]);
});

test('commands of other controllers can be left undone and unanswered', async () => {
  const commands: string[] = [];
  const scanner = await newHost();
  await newHost(battery, {
    obeys: (command, parameters) => {
      commands.push(command);
      return command !== 'HCI_LE_Set_Scan_Enable' || parameters[0] === 0;
    },
  });
  await scanner.command('HCI_LE_Set_Scan_Parameters', scanParameters(1));
  await expect(scanner.command('HCI_LE_Set_Scan_Enable', 1, 0)).rejects.toThrow('no answer');
  expect(commands).toEqual(['HCI_LE_Set_Scan_Parameters', 'HCI_LE_Set_Scan_Enable']);
  expect(await scanner.command('HCI_LE_Set_Scan_Enable', 0, 0)).toEqual(Buffer.of(0));
});

test('another controller can lose its scan, its connections and its state, and hear of it nothing or anything', async () => {
  const links: FaultyConnection[] = [];
  const { central, peripheral } = await connect({ connected: (link) => links.push(link) });
  await central.command('HCI_LE_Set_Scan_Enable', 1, 0);
  const before = central.events.length;
  links[0]?.peer.stopScanning();
  links[0]?.peer.reset();
  await vi.advanceTimersByTimeAsync(1000);
  await settle();
  expect(central.events).toHaveLength(before);
  expect(reasons(peripheral)).toEqual([errorCodes['Connection Timeout']]);
  links[0]?.peer.tell({ event: 'hardwareError', hardwareCode: 0x2a });
  await settle();
  expect(central.news('hardwareError')).toEqual([{ event: 'hardwareError', hardwareCode: 0x2a }]);
});

test('while a fault keeps them out, no controller can join', async () => {
  let isOut = true;
  await newHost(battery, { admits: () => !isOut });
  expect(() => ether.open()).toThrow('there is no controller');
  isOut = false;
  expect(() => ether.open()).not.toThrow();
});

test('the strength of a controller can change', async () => {
  let rssi: number | undefined = -90;
  const host = await newHost(battery, { rssi: () => rssi });
  expect(ether.controllers[0]?.rssi).toBe(-90);
  rssi = undefined;
  expect(ether.controllers[0]?.rssi).toBe(-60);
  host.stream.destroy();
});

test('an adapter that is unplugged leaves its host, and the other side times out', async () => {
  const links: FaultyConnection[] = [];
  const disconnected = vi.fn<(reason: number) => void>();
  const { central, peripheral } = await connect({ connected: (link) => links.push(link), disconnected });
  links[0]?.peer.unplug();
  await settle();
  expect(central.stream.destroyed).toBe(true);
  expect(ether.controllers.map(({ address }) => address)).toEqual([battery]);
  await vi.advanceTimersByTimeAsync(1000);
  await settle();
  expect(reasons(peripheral)).toEqual([errorCodes['Connection Timeout']]);
  expect(disconnected.mock.calls).toEqual([[errorCodes['Connection Timeout']]]);
});
