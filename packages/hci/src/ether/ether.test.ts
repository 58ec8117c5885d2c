import { duplexPair } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  advertisingData,
  advertisingParameters,
  connectionParameters,
  le16,
  scanParameters,
  settle,
  TestHost,
} from '../../test/test-host.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { EtherError } from './ether-error.ts';
import { Ether, type ControllerOptions } from './ether.ts';

const battery = 'C8:47:8C:00:00:01';
const detached = vi.fn<(address: string, fault: string | undefined) => void>();
let ether: Ether;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  detached.mockReset();
  ether = new Ether({ onDetach: (controller, error) => detached(controller.address, error?.fault) });
});

afterEach(() => {
  ether.close();
  vi.useRealTimers();
});

/** A host whose controller sends it LE events. */
async function newHost(options?: ControllerOptions): Promise<TestHost> {
  const host = new TestHost(ether.open(options));
  await host.command('HCI_Reset');
  await host.command('HCI_Set_Event_Mask', Buffer.from('fffffbff07f8bf3d', 'hex'));
  return host;
}

async function newAdvertiser(options: ControllerOptions = { address: battery }): Promise<TestHost> {
  const host = await newHost(options);
  await host.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters());
  await host.command('HCI_LE_Set_Advertising_Data', advertisingData('advertisement'));
  await host.command('HCI_LE_Set_Scan_Response_Data', advertisingData('name'));
  await host.command('HCI_LE_Set_Advertising_Enable', 1);
  return host;
}

async function scan(host: TestHost, type: 'active' | 'passive', filterDuplicates = 0): Promise<void> {
  await host.command('HCI_LE_Set_Scan_Enable', 0, 0);
  await host.command('HCI_LE_Set_Scan_Parameters', scanParameters(type === 'active' ? 1 : 0));
  host.news('leAdvertisingReport');
  await host.command('HCI_LE_Set_Scan_Enable', 1, filterDuplicates);
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

const reports = (host: TestHost): string[] =>
  host.news('leAdvertisingReport').map(({ eventType, data }) => `${eventType} ${data.toString()}`);

interface Pair {
  readonly central: TestHost;
  readonly peripheral: TestHost;
  readonly handles: { readonly central: number; readonly peripheral: number };
}

async function newConnection(supervisionTimeout?: number): Promise<Pair> {
  const peripheral = await newAdvertiser();
  const central = await newHost();
  const timeout = supervisionTimeout === undefined ? {} : { supervisionTimeout };
  await central.command('HCI_LE_Create_Connection', connectionParameters(battery, timeout));
  const [atCentral] = central.news('leConnectionComplete');
  const [atPeripheral] = peripheral.news('leConnectionComplete');
  if (!atCentral || !atPeripheral) throw new Error('not connected');
  return {
    central,
    peripheral,
    handles: { central: atCentral.connectionHandle, peripheral: atPeripheral.connectionHandle },
  };
}

describe('scanning', () => {
  test('a scan response arrives as a report of its own', async () => {
    await newAdvertiser({ address: battery, rssi: -71 });
    const host = await newHost();
    await scan(host, 'active');
    const advertiser = { type: 0, address: battery };
    const report = { event: 'leAdvertisingReport', advertiser, rssi: -71 };
    expect(host.news('leAdvertisingReport')).toEqual([
      { ...report, eventType: 0, data: Buffer.from('advertisement') },
      { ...report, eventType: 4, data: Buffer.from('name') },
    ]);
  });

  test('each scan response follows its advertisement, however many advertise at once', async () => {
    const addresses = ['C8:47:8C:00:00:01', 'C8:47:8C:00:00:02', 'C8:47:8C:00:00:03'];
    for (const address of addresses) await newAdvertiser({ address });
    const host = await newHost();
    await scan(host, 'active');
    await pass(1000);
    const received = host
      .news('leAdvertisingReport')
      .map((report) => `${report.eventType} ${report.advertiser.address}`);
    expect(received.length).toBeGreaterThan(3 * 2 * 10 - 1);
    received.forEach((report, index) => {
      if (report.startsWith('0 ')) expect(received[index + 1]).toBe(report.replace('0 ', '4 '));
    });
  });

  test('a passive scan gets no scan response', async () => {
    await newAdvertiser();
    const host = await newHost();
    await scan(host, 'passive');
    await pass(100);
    expect(reports(host)).toEqual(['0 advertisement', '0 advertisement']);
  });

  test('reports come at the advertising interval', async () => {
    await newAdvertiser();
    const host = await newHost();
    await scan(host, 'passive');
    expect(reports(host)).toHaveLength(1);
    await pass(99);
    expect(reports(host)).toHaveLength(0);
    await pass(1);
    expect(reports(host)).toHaveLength(1);
    await pass(1000);
    expect(reports(host)).toHaveLength(10);
  });

  test('a controller may hear nothing for a while after each scan began', async () => {
    await newAdvertiser();
    const host = await newHost({ hearsAfter: 20 });
    for (const _ of ['first', 'second']) {
      await scan(host, 'active', 1);
      await pass(19);
      expect(reports(host)).toEqual([]);
      await pass(1);
      expect(reports(host)).toEqual(['0 advertisement', '4 name']);
    }
  });

  test('whoever starts to advertise is received at once', async () => {
    const host = await newHost();
    await scan(host, 'active');
    await newAdvertiser();
    expect(reports(host)).toEqual(['0 advertisement', '4 name']);
  });

  test('duplicates are filtered by advertiser and kind until the next scan', async () => {
    const advertiser = await newAdvertiser();
    const host = await newHost();
    await scan(host, 'active', 1);
    expect(reports(host)).toEqual(['0 advertisement', '4 name']);
    await advertiser.command('HCI_LE_Set_Advertising_Data', advertisingData('changed'));
    await pass(500);
    expect(reports(host)).toEqual([]);
    await scan(host, 'active', 1);
    expect(reports(host)).toEqual(['0 changed', '4 name']);
  });

  test('new data is advertised from the next event on', async () => {
    const advertiser = await newAdvertiser();
    const host = await newHost();
    await scan(host, 'active');
    await advertiser.command('HCI_LE_Set_Scan_Response_Data', advertisingData('renamed'));
    host.news('leAdvertisingReport');
    await pass(100);
    expect(reports(host)).toEqual(['0 advertisement', '4 renamed']);
  });

  test.each([
    ['ADV_SCAN_IND', 2, ['2 data', '4 name']],
    ['ADV_NONCONN_IND', 3, ['3 data']],
  ])('%s is reported as such', async (_, eventType, expected) => {
    const advertiser = await newHost();
    await advertiser.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0xa0, eventType));
    await advertiser.command('HCI_LE_Set_Advertising_Data', advertisingData('data'));
    await advertiser.command('HCI_LE_Set_Scan_Response_Data', advertisingData('name'));
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    const host = await newHost();
    await scan(host, 'active');
    expect(reports(host)).toEqual(expected);
  });

  test('an advertiser with a random address is reported and connected by it', async () => {
    const address = 'C0:11:22:33:44:55';
    const advertiser = await newHost();
    await advertiser.command('HCI_LE_Set_Random_Address', Buffer.from('5544332211c0', 'hex'));
    await advertiser.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0xa0, 0, 1));
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    const host = await newHost();
    await scan(host, 'passive');
    expect(host.news('leAdvertisingReport')).toMatchObject([{ advertiser: { type: 1, address } }]);
    await host.command('HCI_LE_Create_Connection', connectionParameters(address, { peerType: 1 }));
    expect(host.news('leConnectionComplete')).toMatchObject([{ status: 0, peer: { type: 1, address } }]);
  });

  test('to start many times in one turn is to start once', async () => {
    const host = await newHost();
    await scan(host, 'passive');
    const advertiser = await newHost({ address: battery });
    await advertiser.command('HCI_LE_Set_Advertising_Data', advertisingData('advertisement'));
    for (const enable of [1, 0, 1, 0, 1]) advertiser.send('HCI_LE_Set_Advertising_Enable', enable);
    await settle();
    expect(reports(host)).toEqual(['0 advertisement']);
  });

  test('the filter of duplicates remembers 1024 reports', async () => {
    const advertiser = await newHost();
    const host = await newHost();
    await scan(host, 'passive', 1);
    const advertise = async (index: number): Promise<void> => {
      advertiser.send('HCI_LE_Set_Advertising_Enable', 0);
      advertiser.send('HCI_LE_Set_Random_Address', le16(index), Buffer.from('000000c0', 'hex'));
      advertiser.send('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0xa0, 3, 1));
      advertiser.send('HCI_LE_Set_Advertising_Enable', 1);
      await settle();
    };
    for (let index = 0; index < 1024; index += 1) await advertise(index);
    expect(reports(host)).toHaveLength(1024);
    await advertise(0);
    expect(reports(host)).toHaveLength(0);
    await advertise(1024);
    await advertise(0);
    expect(reports(host)).toHaveLength(2);
  });

  test('a reset forgets data, parameters and the random address', async () => {
    const advertiser = await newHost();
    await advertiser.command('HCI_LE_Set_Random_Address', Buffer.from('5544332211c0', 'hex'));
    await advertiser.command('HCI_LE_Set_Advertising_Data', advertisingData('data'));
    await advertiser.command('HCI_LE_Set_Scan_Response_Data', advertisingData('name'));
    await advertiser.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0x20, 3));
    await advertiser.command('HCI_Reset');
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    const host = await newHost();
    await scan(host, 'active');
    expect(reports(host)).toEqual(['0 ', '4 ']);
    await pass(1279);
    expect(reports(host)).toEqual([]);
    await pass(1);
    expect(reports(host)).toEqual(['0 ', '4 ']);
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 0);
    await advertiser.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0x20, 3, 1));
    const enabled = await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    expect(enabled).toEqual(Buffer.from([errorCodes['Invalid HCI Command Parameters']]));
  });

  test('nobody hears themselves, nor after the end of advertising or scanning', async () => {
    const advertiser = await newAdvertiser();
    await scan(advertiser, 'active');
    const host = await newHost();
    await scan(host, 'passive');
    await host.command('HCI_LE_Set_Scan_Enable', 0, 0);
    host.news('leAdvertisingReport');
    await pass(500);
    expect(reports(host)).toEqual([]);
    expect(reports(advertiser)).toEqual([]);
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 0);
    await scan(host, 'passive');
    await pass(500);
    expect(reports(host)).toEqual([]);
  });
});

describe('connecting', () => {
  test('both ends learn the address, the role and the parameters of the connection', async () => {
    const peripheral = await newAdvertiser();
    const central = await newHost({ address: '02:00:00:00:00:77' });
    expect(await central.command('HCI_LE_Create_Connection', connectionParameters(battery))).toEqual(
      Buffer.from([0]),
    );
    const parameters = { interval: 0x12, latency: 0, supervisionTimeout: 0x2a };
    expect(central.news('leConnectionComplete')).toMatchObject([
      { status: 0, role: 0, peer: { type: 0, address: battery }, ...parameters },
    ]);
    expect(peripheral.news('leConnectionComplete')).toMatchObject([
      { status: 0, role: 1, peer: { type: 0, address: '02:00:00:00:00:77' }, ...parameters },
    ]);
  });

  test('no handle is 0, which some hosts take for none', async () => {
    const { handles } = await newConnection();
    expect(handles.central).toBeGreaterThan(0);
    expect(handles.peripheral).toBeGreaterThan(0);
  });

  test('who is connected does not advertise, until its host says so after the disconnection', async () => {
    const { peripheral, central, handles } = await newConnection();
    const host = await newHost();
    await scan(host, 'passive');
    await pass(500);
    expect(reports(host)).toEqual([]);
    const limit = Buffer.from([errorCodes['Connection Limit Exceeded']]);
    expect(await peripheral.command('HCI_LE_Set_Advertising_Enable', 1)).toEqual(limit);
    await central.command('HCI_Disconnect', le16(handles.central), 0x13);
    await pass(500);
    expect(reports(host)).toEqual([]);
    expect(await peripheral.command('HCI_LE_Set_Advertising_Enable', 1)).toEqual(Buffer.from([0]));
    expect(reports(host)).toEqual(['0 advertisement']);
  });

  test('a pending connection waits for its advertiser', async () => {
    const central = await newHost();
    await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    await newAdvertiser({ address: 'C8:47:8C:00:00:02' });
    await pass(3_600_000);
    expect(central.news('leConnectionComplete')).toEqual([]);
    await newAdvertiser();
    expect(central.news('leConnectionComplete')).toMatchObject([{ status: 0, peer: { address: battery } }]);
  });

  test('a cancelled connection completes with Unknown Connection Identifier', async () => {
    const central = await newHost();
    await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    expect(await central.command('HCI_LE_Create_Connection_Cancel')).toEqual(Buffer.from([0]));
    const [complete, connection] = central.events.slice(-2);
    expect(complete?.event).toBe('commandComplete');
    expect(connection).toMatchObject({ event: 'leConnectionComplete', status: 0x02, role: 0 });
    const advertiser = await newAdvertiser();
    await pass(500);
    expect(advertiser.news('leConnectionComplete')).toEqual([]);
  });

  test.each(Array.from({ length: 12 }, (_, turns) => turns))(
    'a cancellation %i turns later leaves both ends connected or neither',
    async (turns) => {
      const advertiser = await newAdvertiser();
      const central = await newHost();
      central.send('HCI_LE_Create_Connection', connectionParameters(battery));
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
      const [status] = await central.command('HCI_LE_Create_Connection_Cancel');
      const connected = status === errorCodes['Command Disallowed'];
      expect(central.news('leConnectionComplete').map((event) => event.status)).toEqual([connected ? 0 : 2]);
      expect(advertiser.news('leConnectionComplete')).toHaveLength(connected ? 1 : 0);
    },
  );

  test('an advertiser gives its scan response, also where somebody connects by the same advertisement', async () => {
    const central = await newHost();
    const scanner = await newHost();
    await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    await scan(scanner, 'active');
    await newAdvertiser();
    expect(central.news('leConnectionComplete')).toHaveLength(1);
    expect(reports(scanner)).toEqual(['0 advertisement', '4 name']);
  });

  test('no two connections of a host have the same handle', async () => {
    const central = await newHost();
    await newAdvertiser({ address: 'C8:47:8C:00:00:02' });
    await central.command('HCI_LE_Create_Connection', connectionParameters('C8:47:8C:00:00:02'));
    const [first] = central.news('leConnectionComplete');
    const advertiser = await newAdvertiser();
    const handles = 0x0eff - 0x0040 + 1;
    for (let count = 0; count < handles; count += 1) {
      advertiser.send('HCI_LE_Set_Advertising_Enable', 1);
      await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
      const [connection] = central.news('leConnectionComplete');
      expect(connection?.connectionHandle).not.toBe(first?.connectionHandle);
      central.send('HCI_Disconnect', le16(connection?.connectionHandle ?? 0), 0x13);
      await settle();
    }
  });

  test('an advertiser that is not connectable is not connected to', async () => {
    const advertiser = await newHost({ address: battery });
    await advertiser.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0xa0, 2));
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    const central = await newHost();
    await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    await pass(500);
    expect(central.news('leConnectionComplete')).toEqual([]);
  });

  test('of two initiators one gets the advertiser, and the other the next time', async () => {
    const first = await newHost();
    const second = await newHost();
    await first.command('HCI_LE_Create_Connection', connectionParameters(battery));
    await second.command('HCI_LE_Create_Connection', connectionParameters(battery));
    const advertiser = await newAdvertiser();
    await pass(500);
    const [connection] = first.news('leConnectionComplete');
    expect(connection?.status).toBe(0);
    expect(second.news('leConnectionComplete')).toEqual([]);
    await first.command('HCI_Disconnect', le16(connection?.connectionHandle ?? 0), 0x13);
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    expect(second.news('leConnectionComplete')).toMatchObject([{ status: 0 }]);
    expect(first.news('leConnectionComplete')).toEqual([]);
  });

  test('a central has several connections, each with its own handle and data', async () => {
    const central = await newHost();
    const peers = ['C8:47:8C:00:00:01', 'C8:47:8C:00:00:02', 'C8:47:8C:00:00:03'];
    const handles = new Map<string, number>();
    const advertisers = new Map<string, TestHost>();
    for (const address of peers) {
      advertisers.set(address, await newAdvertiser({ address }));
      await central.command('HCI_LE_Create_Connection', connectionParameters(address));
      const [connection] = central.news('leConnectionComplete');
      expect(connection?.peer.address).toBe(address);
      handles.set(address, connection?.connectionHandle ?? 0);
    }
    expect(new Set(handles.values()).size).toBe(3);
    for (const [address, handle] of handles) central.sendData(handle, Buffer.from(address));
    await settle();
    for (const [address, host] of advertisers) expect(host.data.map(({ text }) => text)).toEqual([address]);
  });

  test('a second connection to the same peer is refused', async () => {
    const { central } = await newConnection();
    const again = await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    expect(again).toEqual(Buffer.from([errorCodes['Connection Already Exists']]));
  });

  test('the seventeenth connection of a controller is refused', async () => {
    const central = await newHost();
    for (let index = 0; index < 16; index += 1) {
      const address = `C8:47:8C:00:01:${index.toString(16).toUpperCase().padStart(2, '0')}`;
      await newAdvertiser({ address });
      await central.command('HCI_LE_Create_Connection', connectionParameters(address));
    }
    expect(central.news('leConnectionComplete')).toHaveLength(16);
    const more = await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    expect(more).toEqual(Buffer.from([errorCodes['Connection Limit Exceeded']]));
  });
});

describe('a connection', () => {
  test('carries data both ways, in order, with the boundary flag of the other direction', async () => {
    const { central, peripheral, handles } = await newConnection();
    central.sendData(handles.central, Buffer.from('start'));
    central.sendData(handles.central, Buffer.from('continued'), 0b01);
    peripheral.sendData(handles.peripheral, Buffer.from('answer'));
    await settle();
    expect(peripheral.data).toEqual([
      { boundary: 0b10, text: 'start' },
      { boundary: 0b01, text: 'continued' },
    ]);
    expect(central.data).toEqual([{ boundary: 0b10, text: 'answer' }]);
  });

  test('delivers on a later turn', async () => {
    const { central, peripheral, handles } = await newConnection();
    central.sendData(handles.central, Buffer.from('x'));
    expect(peripheral.data).toEqual([]);
    await settle();
    expect(peripheral.data).toHaveLength(1);
  });

  test('reports each packet as completed to its sender once it is delivered', async () => {
    const { central, handles } = await newConnection();
    central.sendData(handles.central, Buffer.from('one'));
    central.sendData(handles.central, Buffer.from('two'));
    await settle();
    const completed = {
      event: 'numberOfCompletedPackets',
      connectionHandle: handles.central,
      completedPackets: 1,
    };
    expect(central.news('numberOfCompletedPackets')).toEqual([completed, completed]);
  });

  test('is as fast as the receiving host reads', async () => {
    const { central, peripheral, handles } = await newConnection();
    peripheral.stream.pause();
    let sent = 0;
    let completed = 0;
    while (sent - completed < 8 && sent < 1000) {
      central.sendData(handles.central, Buffer.alloc(251));
      sent += 1;
      await settle();
      completed += central.news('numberOfCompletedPackets').length;
    }
    expect(sent).toBeLessThan(1000);
    peripheral.stream.resume();
    await settle();
    expect(central.news('numberOfCompletedPackets')).toHaveLength(8);
    expect(peripheral.data).toHaveLength(sent);
  });

  test('has eight buffers: a host that sends a ninth packet before one is completed is cut off', async () => {
    const { central, handles } = await newConnection();
    const packet = Buffer.alloc(1);
    for (let count = 0; count < 9; count += 1) central.sendData(handles.central, packet);
    await settle();
    expect(central.events).toContainEqual({ event: 'hardwareError', hardwareCode: 0x01 });
    expect(detached.mock.calls).toEqual([['02:00:00:00:00:01', 'buffer overflow']]);
  });

  test('gives the buffers of lost data back with its end', async () => {
    const { central, peripheral, handles } = await newConnection();
    peripheral.stream.destroy();
    await settle();
    for (let count = 0; count < 8; count += 1) central.sendData(handles.central, Buffer.alloc(1));
    await pass(420);
    expect(central.news('disconnectionComplete')).toHaveLength(1);
    await newAdvertiser();
    await central.command('HCI_LE_Create_Connection', connectionParameters(battery));
    const [again] = central.news('leConnectionComplete');
    for (let count = 0; count < 8; count += 1) {
      central.sendData(again?.connectionHandle ?? 0, Buffer.alloc(1));
    }
    await settle();
    expect(central.news('numberOfCompletedPackets')).toHaveLength(8);
  });

  test('data for a connection that is over is dropped', async () => {
    const { central, peripheral, handles } = await newConnection();
    await peripheral.command('HCI_Disconnect', le16(handles.peripheral), 0x13);
    central.sendData(handles.central, Buffer.from('late'));
    await settle();
    expect(peripheral.data).toEqual([]);
    expect(detached).not.toHaveBeenCalled();
  });

  test('delivers nothing to a host that was reset meanwhile', async () => {
    const { central, peripheral, handles } = await newConnection();
    peripheral.send('HCI_Reset');
    central.sendData(handles.central, Buffer.from('late'));
    await settle();
    expect(peripheral.data).toEqual([]);
    expect(central.news('numberOfCompletedPackets')).toEqual([]);
  });

  test('has the RSSI of the peer', async () => {
    const { central, handles } = await newConnection();
    const returned = await central.command('HCI_Read_RSSI', le16(handles.central));
    expect(returned.readInt8(3)).toBe(-60);
    expect(returned.readUInt16LE(1)).toBe(handles.central);
  });

  test('gets new parameters for both ends from the central', async () => {
    const { central, peripheral, handles } = await newConnection();
    const values = [le16(24), le16(40), le16(2), le16(500), le16(0), le16(0)];
    const status = await central.command('HCI_LE_Connection_Update', le16(handles.central), ...values);
    expect(status).toEqual(Buffer.from([0]));
    const update = { status: 0, interval: 40, latency: 2, supervisionTimeout: 500 };
    expect(central.news('leConnectionUpdateComplete')).toMatchObject([
      { ...update, connectionHandle: handles.central },
    ]);
    expect(peripheral.news('leConnectionUpdateComplete')).toMatchObject([
      { ...update, connectionHandle: handles.peripheral },
    ]);
    const refused = await peripheral.command('HCI_LE_Connection_Update', le16(handles.peripheral), ...values);
    expect(refused).toEqual(Buffer.from([errorCodes['Unsupported Remote Feature']]));
    peripheral.stream.destroy();
    await settle();
    await pass(4999);
    expect(central.news('disconnectionComplete')).toEqual([]);
    await pass(1);
    expect(central.news('disconnectionComplete')).toHaveLength(1);
  });

  test('tells version and features of the peer', async () => {
    const { peripheral, handles } = await newConnection();
    const connectionHandle = handles.peripheral;
    await peripheral.command('HCI_Read_Remote_Version_Information', le16(connectionHandle));
    expect(peripheral.news('readRemoteVersionInformationComplete')).toMatchObject([
      { status: 0, connectionHandle, version: 0x08, companyIdentifier: 0xffff },
    ]);
    await peripheral.command('HCI_LE_Set_Event_Mask', Buffer.from('1f00000000000000', 'hex'));
    await peripheral.command('HCI_LE_Read_Remote_Features', le16(connectionHandle));
    expect(peripheral.news('leReadRemoteFeaturesComplete')).toMatchObject([{ status: 0, connectionHandle }]);
  });
});

describe('a disconnection', () => {
  test.each(['central', 'peripheral'] as const)('by the %s tells the other its reason', async (who) => {
    const pair = await newConnection();
    const other = who === 'central' ? 'peripheral' : 'central';
    const status = await pair[who].command('HCI_Disconnect', le16(pair.handles[who]), 0x15);
    expect(status).toEqual(Buffer.from([0]));
    expect(pair[who].news('disconnectionComplete')).toMatchObject([
      { status: 0, connectionHandle: pair.handles[who], reason: 0x16 },
    ]);
    expect(pair[other].news('disconnectionComplete')).toMatchObject([
      { status: 0, connectionHandle: pair.handles[other], reason: 0x15 },
    ]);
  });

  test('comes after the data that was sent before it', async () => {
    const { central, peripheral, handles } = await newConnection();
    central.sendData(handles.central, Buffer.from('last words'));
    await central.command('HCI_Disconnect', le16(handles.central), 0x13);
    const kinds = peripheral.packets.slice(-2).map(({ type }) => type);
    expect(kinds).toEqual(['aclData', 'event']);
  });

  test('of a host that ends its stream at once still gets through', async () => {
    const { central, peripheral, handles } = await newConnection();
    central.send('HCI_Disconnect', le16(handles.central), 0x13);
    central.stream.destroy();
    await settle();
    expect(peripheral.news('disconnectionComplete')).toMatchObject([{ reason: 0x13 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('by both at once ends once for each', async () => {
    const { central, peripheral, handles } = await newConnection();
    central.send('HCI_Disconnect', le16(handles.central), 0x13);
    peripheral.send('HCI_Disconnect', le16(handles.peripheral), 0x15);
    await settle();
    expect(central.news('disconnectionComplete')).toHaveLength(1);
    expect(peripheral.news('disconnectionComplete')).toHaveLength(1);
  });

  test('a second one of the same host is Command Disallowed', async () => {
    const { central, peripheral, handles } = await newConnection();
    peripheral.stream.destroy();
    await settle();
    await central.command('HCI_Disconnect', le16(handles.central), 0x13);
    const again = await central.command('HCI_Disconnect', le16(handles.central), 0x13);
    expect(again).toEqual(Buffer.from([errorCodes['Command Disallowed']]));
  });
});

describe('a host that vanishes', () => {
  test('is noticed by its peer after the supervision timeout', async () => {
    const { central, peripheral, handles } = await newConnection(100);
    peripheral.stream.destroy();
    await settle();
    await pass(999);
    expect(central.news('disconnectionComplete')).toEqual([]);
    await pass(1);
    expect(central.news('disconnectionComplete')).toMatchObject([
      { connectionHandle: handles.central, reason: errorCodes['Connection Timeout'] },
    ]);
  });

  test('is told apart from a host that disconnected in the meantime', async () => {
    const { central, peripheral, handles } = await newConnection();
    peripheral.stream.destroy();
    await settle();
    await central.command('HCI_Disconnect', le16(handles.central), 0x13);
    expect(central.news('disconnectionComplete')).toEqual([]);
    await pass(420);
    expect(central.news('disconnectionComplete')).toMatchObject([
      { reason: errorCodes['Connection Terminated By Local Host'] },
    ]);
  });

  test('by a reset hears nothing of its connections, and its peer the timeout', async () => {
    const { central, peripheral } = await newConnection();
    await central.command('HCI_Reset');
    await pass(420);
    expect(central.news('disconnectionComplete')).toEqual([]);
    expect(peripheral.news('disconnectionComplete')).toMatchObject([{ reason: 0x08 }]);
  });

  test('stops to advertise, and its address is free', async () => {
    const advertiser = await newAdvertiser();
    const host = await newHost();
    await scan(host, 'passive');
    advertiser.stream.destroy();
    await settle();
    host.news('leAdvertisingReport');
    await pass(500);
    expect(reports(host)).toEqual([]);
    await newAdvertiser();
    expect(reports(host)).toEqual(['0 advertisement']);
  });

  test('leaves no timer when both ends do it', async () => {
    const { central, peripheral } = await newConnection();
    central.stream.destroy();
    peripheral.stream.destroy();
    await settle();
    await pass(420);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an ether', () => {
  test('gives every controller an address of its own', () => {
    ether.open({ address: '02:00:00:00:00:01' });
    ether.open();
    ether.open();
    const addresses = ether.controllers.map(({ address }) => address);
    expect(addresses).toEqual(['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03']);
  });

  test.each([
    ['an address that is taken', { address: battery }],
    ['an address in lower case', { address: 'c8:47:8c:00:00:02' }],
    ['an RSSI above 20', { rssi: 21 }],
    ['an RSSI below −127', { rssi: -128 }],
    ['an RSSI that is not whole', { rssi: -60.5 }],
  ])('refuses %s', (_, options) => {
    ether.open({ address: battery });
    expect(() => ether.open(options)).toThrow(EtherError);
    expect(ether.controllers).toHaveLength(1);
  });

  test('gives an address again as soon as the stream of its last holder is closed', async () => {
    const host = ether.open({ address: battery });
    host.destroy();
    await new Promise((resolve) => void host.once('close', resolve));
    const next = new TestHost(ether.open({ address: battery }));
    await next.command('HCI_Reset');
    expect(ether.controllers.map(({ address }) => address)).toEqual([battery]);
    expect(detached.mock.calls).toEqual([[battery, undefined]]);
  });

  test('takes every controller with it when it closes, and takes no more', async () => {
    const { central, peripheral } = await newConnection();
    ether[Symbol.dispose]();
    await settle();
    expect(central.stream.destroyed && peripheral.stream.destroyed).toBe(true);
    expect(ether.controllers).toEqual([]);
    const [, far] = duplexPair();
    expect(() => ether.attach(far)).toThrow(EtherError);
    await pass(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('serves any stream', async () => {
    const [near, far] = duplexPair();
    const controller = ether.attach(far, { address: battery, rssi: -42 });
    expect(controller).toMatchObject({ address: battery, rssi: -42, closed: false });
    const host = new TestHost(near);
    expect((await host.command('HCI_Read_BD_ADDR')).toString('hex')).toBe('000100008c47c8');
    controller.close();
    expect(controller.closed).toBe(true);
    expect(far.destroyed).toBe(true);
  });
});
