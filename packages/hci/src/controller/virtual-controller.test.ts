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
import { opcodes, type CommandName } from '../codec/opcodes.ts';
import { commands, type Command } from './commands.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { Ether } from '../ether/ether.ts';
import { encodePacket } from '../codec/h4.ts';

const unknown = vi.fn<(address: string, opcode: number) => void>();
const detached = vi.fn<(address: string, fault: string | undefined) => void>();
let ether: Ether;
let host: TestHost;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  unknown.mockReset();
  detached.mockReset();
  ether = new Ether({
    onUnknownCommand: (controller, opcode) => unknown(controller.address, opcode),
    onDetach: (controller, error) => detached(controller.address, error?.fault),
  });
  host = new TestHost(ether.open({ address: 'C8:47:8C:00:00:01' }));
});

afterEach(() => {
  ether.close();
  vi.useRealTimers();
});

const names = Object.keys(commands).filter((name): name is CommandName => name in commands);
const success = Buffer.from([0]);
const refusal = (error: keyof typeof errorCodes): Buffer => Buffer.from([errorCodes[error]]);

describe('every command', () => {
  test.each(names)(
    '%s with a parameter too many or too few is Invalid HCI Command Parameters',
    async (name) => {
      const { parameterLength } = commands[name];
      const lengths = [parameterLength + 1, ...(parameterLength > 0 ? [parameterLength - 1] : [])];
      for (const length of lengths) {
        const returned = await host.command(name, Buffer.alloc(length));
        expect(returned[0]).toBe(errorCodes['Invalid HCI Command Parameters']);
        expect(returned).toHaveLength(1 + (commands[name].returnLength ?? 0));
      }
    },
  );

  test.each(names)('%s has its own opcode and its own bit among the supported commands', async (name) => {
    const command: Command = commands[name];
    const otherNames = names.filter((other) => other !== name);
    expect(otherNames.some((other) => opcodes[other] === opcodes[name])).toBe(false);
    const others = otherNames.map((other) => commands[other]);
    expect(others.some(({ supported }) => supported?.join() === command.supported?.join())).toBe(false);
    if (!command.supported) return; // a vendor-specific command
    const [octet, bit] = command.supported;
    const supported = await host.command('HCI_Read_Local_Supported_Commands');
    expect((supported.readUInt8(1 + octet) >> bit) & 1).toBe(1);
  });

  test.each(names)('%s is answered by Command Status exactly when it has no return length', async (name) => {
    host.send(name, Buffer.alloc(commands[name].parameterLength));
    await settle();
    const answered = host.events.filter(
      ({ event }) => event === 'commandStatus' || event === 'commandComplete',
    );
    expect(answered).toHaveLength(1);
    const expected = commands[name].returnLength === undefined ? 'commandStatus' : 'commandComplete';
    expect(answered[0]?.event).toBe(expected);
  });

  test.each(names.filter((name) => commands[name].returnLength !== undefined))(
    '%s returns as many octets as its row says',
    async (name) => {
      const returned = await host.command(name, Buffer.alloc(commands[name].parameterLength));
      expect(returned).toHaveLength(1 + (commands[name].returnLength ?? 0));
    },
  );

  test('that the controller does not have is Unknown HCI Command, and reported', async () => {
    host.stream.write(encodePacket({ type: 'command', opcode: 0x2036, parameters: Buffer.alloc(25) }));
    await settle();
    expect(host.events).toEqual([{ event: 'commandStatus', status: 0x01, opcode: 0x2036 }]);
    expect(unknown.mock.calls).toEqual([['C8:47:8C:00:00:01', 0x2036]]);
  });
});

describe('what the controller says about itself', () => {
  test.each<[CommandName, string]>([
    ['HCI_Read_BD_ADDR', '00 0100008c47c8'],
    ['HCI_Read_Local_Version_Information', '00 08 0000 08 ffff 0000'],
    ['HCI_Read_Local_Supported_Features', '00 0000000060000000'],
    ['HCI_LE_Read_Local_Supported_Features', '00 0000000000000000'],
    ['HCI_LE_Read_Buffer_Size', '00 fb00 08'],
    ['HCI_LE_Read_Supported_States', '00 f777ff1f09020000'],
    ['HCI_Read_Buffer_Size', '00 fb00 00 0800 0000'],
    ['HCI_LE_Read_Advertising_Physical_Channel_Tx_Power', '00 00'],
    ['HCI_Read_LE_Host_Support', '00 00 00'],
  ])('%s returns %s', async (name, hex) => {
    expect((await host.command(name)).toString('hex')).toBe(hex.replaceAll(' ', ''));
  });

  test('LE host support is read as it was written, until the reset', async () => {
    expect(await host.command('HCI_Write_LE_Host_Support', 1, 0)).toEqual(success);
    expect(await host.command('HCI_Read_LE_Host_Support')).toEqual(Buffer.from([0, 1, 0]));
    expect(await host.command('HCI_Reset')).toEqual(success);
    expect(await host.command('HCI_Read_LE_Host_Support')).toEqual(Buffer.from([0, 0, 0]));
  });

  test('no command of extended advertising is among the supported ones', async () => {
    const supported = await host.command('HCI_Read_Local_Supported_Commands');
    expect(supported.subarray(1 + 36, 1 + 39)).toEqual(Buffer.alloc(3));
  });
});

describe('a command with values out of range is refused:', () => {
  const invalid = 'Invalid HCI Command Parameters';
  const unsupported = 'Unsupported Feature or Parameter Value';
  const peer = '02:00:00:00:00:09';
  const altered = (parameters: Buffer, offset: number, ...octets: number[]): Buffer => {
    const copy = Buffer.from(parameters);
    Buffer.from(octets).copy(copy, offset);
    return copy;
  };
  test.each<[string, CommandName, Buffer, keyof typeof errorCodes]>([
    ['reason of a disconnection', 'HCI_Disconnect', Buffer.from([0x40, 0, 0x16]), invalid],
    ['LE host support', 'HCI_Write_LE_Host_Support', Buffer.from([2, 0]), invalid],
    ['advertising interval', 'HCI_LE_Set_Advertising_Parameters', advertisingParameters(0x001f), invalid],
    [
      'minimum over maximum',
      'HCI_LE_Set_Advertising_Parameters',
      altered(advertisingParameters(), 0, 0xff),
      invalid,
    ],
    ['advertising type', 'HCI_LE_Set_Advertising_Parameters', advertisingParameters(0xa0, 5), invalid],
    [
      'directed advertising',
      'HCI_LE_Set_Advertising_Parameters',
      advertisingParameters(0xa0, 1),
      unsupported,
    ],
    [
      'resolvable address',
      'HCI_LE_Set_Advertising_Parameters',
      advertisingParameters(0xa0, 0, 2),
      unsupported,
    ],
    ['channel map', 'HCI_LE_Set_Advertising_Parameters', altered(advertisingParameters(), 13, 0), invalid],
    [
      'filter policy',
      'HCI_LE_Set_Advertising_Parameters',
      altered(advertisingParameters(), 14, 1),
      unsupported,
    ],
    ['advertising data', 'HCI_LE_Set_Advertising_Data', altered(advertisingData(''), 0, 32), invalid],
    ['scan response data', 'HCI_LE_Set_Scan_Response_Data', altered(advertisingData(''), 0, 32), invalid],
    ['advertising enable', 'HCI_LE_Set_Advertising_Enable', Buffer.from([2]), invalid],
    ['scan type', 'HCI_LE_Set_Scan_Parameters', scanParameters(2), invalid],
    ['window over interval', 'HCI_LE_Set_Scan_Parameters', altered(scanParameters(1), 3, 0x13), invalid],
    ['scan filter policy', 'HCI_LE_Set_Scan_Parameters', altered(scanParameters(1), 6, 1), unsupported],
    ['scan enable', 'HCI_LE_Set_Scan_Enable', Buffer.from([2, 0]), invalid],
    ['filter duplicates', 'HCI_LE_Set_Scan_Enable', Buffer.from([1, 2]), invalid],
    [
      'initiator filter policy',
      'HCI_LE_Create_Connection',
      altered(connectionParameters(peer), 4, 1),
      unsupported,
    ],
    ['peer address type', 'HCI_LE_Create_Connection', altered(connectionParameters(peer), 5, 4), invalid],
    [
      'connection interval',
      'HCI_LE_Create_Connection',
      altered(connectionParameters(peer), 13, 0x13),
      invalid,
    ],
    ['latency', 'HCI_LE_Create_Connection', altered(connectionParameters(peer), 17, 0xf4, 1), invalid],
    ['supervision timeout', 'HCI_LE_Create_Connection', altered(connectionParameters(peer), 19, 9), invalid],
    [
      'supervision timeout within two intervals',
      'HCI_LE_Create_Connection',
      altered(connectionParameters(peer), 15, 0x80, 0x0c),
      invalid,
    ],
    ['event lengths', 'HCI_LE_Create_Connection', altered(connectionParameters(peer), 21, 1), invalid],
  ])('%s (%s)', async (_, name, parameters, error) => {
    expect(await host.command(name, parameters)).toEqual(refusal(error));
  });

  test('a random address as its own before there is one', async () => {
    await host.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0xa0, 0, 1));
    expect(await host.command('HCI_LE_Set_Advertising_Enable', 1)).toEqual(refusal(invalid));
    const created = await host.command(
      'HCI_LE_Create_Connection',
      connectionParameters(peer, { ownType: 1 }),
    );
    expect(created).toEqual(refusal(invalid));
  });

  test('a handle of no connection', async () => {
    const handle = le16(0x0040);
    const noConnection = errorCodes['Unknown Connection Identifier'];
    const update = Buffer.concat([handle, le16(6), le16(6), le16(0), le16(100), le16(0), le16(0)]);
    expect((await host.command('HCI_Disconnect', handle, 0x13))[0]).toBe(noConnection);
    expect((await host.command('HCI_Read_RSSI', handle))[0]).toBe(noConnection);
    expect((await host.command('HCI_Read_Remote_Version_Information', handle))[0]).toBe(noConnection);
    expect((await host.command('HCI_LE_Read_Remote_Features', handle))[0]).toBe(noConnection);
    expect((await host.command('HCI_LE_Connection_Update', update))[0]).toBe(noConnection);
  });
});

describe('a command in the wrong state is Command Disallowed:', () => {
  const disallowed = refusal('Command Disallowed');
  const address = Buffer.from([1, 2, 3, 4, 5, 0xc0]);

  test('advertising parameters and a random address while advertising', async () => {
    await host.command('HCI_LE_Set_Advertising_Enable', 1);
    expect(await host.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters())).toEqual(
      disallowed,
    );
    expect(await host.command('HCI_LE_Set_Random_Address', address)).toEqual(disallowed);
    await host.command('HCI_LE_Set_Advertising_Enable', 0);
    expect(await host.command('HCI_LE_Set_Random_Address', address)).toEqual(success);
  });

  test('scan parameters and a random address while scanning', async () => {
    await host.command('HCI_LE_Set_Scan_Enable', 1, 0);
    expect(await host.command('HCI_LE_Set_Scan_Parameters', scanParameters(1))).toEqual(disallowed);
    expect(await host.command('HCI_LE_Set_Random_Address', address)).toEqual(disallowed);
  });

  test('a second connection while one is pending, and a cancellation without one', async () => {
    expect(await host.command('HCI_LE_Create_Connection_Cancel')).toEqual(disallowed);
    await host.command('HCI_LE_Create_Connection', connectionParameters('02:00:00:00:00:09'));
    const second = await host.command('HCI_LE_Create_Connection', connectionParameters('02:00:00:00:00:08'));
    expect(second).toEqual(disallowed);
    expect(await host.command('HCI_LE_Set_Random_Address', address)).toEqual(disallowed);
  });

  test('to stop what is stopped is not an error', async () => {
    expect(await host.command('HCI_LE_Set_Advertising_Enable', 0)).toEqual(success);
    expect(await host.command('HCI_LE_Set_Scan_Enable', 0, 0)).toEqual(success);
  });
});

describe('event masks', () => {
  beforeEach(async () => {
    const other = new TestHost(ether.open({ address: 'C8:47:8C:00:00:02' }));
    await other.command('HCI_LE_Set_Advertising_Enable', 1);
  });

  test('no LE event comes before a host asks for LE Meta events', async () => {
    await host.command('HCI_LE_Set_Scan_Enable', 1, 0);
    expect(host.news('leAdvertisingReport')).toEqual([]);
    await host.command('HCI_Set_Event_Mask', Buffer.from('fffffbff07f8bf3d', 'hex'));
    await host.command('HCI_LE_Set_Scan_Enable', 1, 0);
    expect(host.news('leAdvertisingReport')).toHaveLength(1);
  });

  test('an LE event that is masked does not come', async () => {
    await host.command('HCI_Set_Event_Mask', Buffer.from('fffffbff07f8bf3d', 'hex'));
    await host.command('HCI_LE_Set_Event_Mask', Buffer.from('1d00000000000000', 'hex'));
    await host.command('HCI_LE_Set_Scan_Enable', 1, 0);
    expect(host.news('leAdvertisingReport')).toEqual([]);
  });
});

describe('a host', () => {
  test('gets its answers on a later turn, in the order of its commands', async () => {
    await settle();
    host.send('HCI_Reset');
    host.send('HCI_Read_BD_ADDR');
    host.send('HCI_LE_Read_Buffer_Size');
    expect(host.packets).toEqual([]);
    await settle();
    const answered = host.events.map((event) => 'opcode' in event && event.opcode);
    expect(answered).toEqual([0x0c03, 0x1009, 0x2002]);
  });

  test('may write in any chunks', async () => {
    for (const octet of Buffer.from('01030c0001091000', 'hex')) host.stream.write(Buffer.from([octet]));
    await settle();
    expect(host.events).toHaveLength(2);
  });

  test.each([
    ['garbage', 'ff00ff00', 'unknown packet type'],
    ['a packet that announces too much', '024000ffff', 'packet too long'],
    ['ACL data longer than a buffer', `024000fc00${'00'.repeat(252)}`, 'packet too long'],
    ['ACL data with a packet boundary flag for controllers', '0240200100aa', 'packet boundary flag'],
    ['an event', '04100101', 'packet from the wrong side'],
  ])('that sends %s gets a Hardware Error and the end of its stream', async (_, hex, fault) => {
    host.stream.write(Buffer.from(hex, 'hex'));
    host.send('HCI_Reset');
    await settle();
    expect(host.events).toEqual([{ event: 'hardwareError', hardwareCode: 0x01 }]);
    expect(host.ended).toBe(true);
    expect(detached.mock.calls).toEqual([['C8:47:8C:00:00:01', fault]]);
    expect(ether.controllers).toEqual([]);
  });

  test('that stays after the end is left after a second', async () => {
    host.stream.write(Buffer.from([0xff]));
    await settle();
    expect(host.stream.destroyed).toBe(false);
    vi.advanceTimersByTime(1000);
    await settle();
    expect(host.stream.destroyed).toBe(true);
  });

  test('that ends within a packet is told apart from one that ends between two', async () => {
    const other = new TestHost(ether.open({ address: 'C8:47:8C:00:00:02' }));
    other.stream.end(Buffer.from('01030c00', 'hex'));
    host.stream.end(Buffer.from('01030c', 'hex'));
    await settle();
    expect(new Map(detached.mock.calls)).toEqual(
      new Map([
        ['C8:47:8C:00:00:01', 'truncated packet'],
        ['C8:47:8C:00:00:02', undefined],
      ]),
    );
    expect(other.news('commandComplete')).toHaveLength(1);
    expect(host.stream.destroyed && other.stream.destroyed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that destroys its stream is gone', async () => {
    host.stream.destroy();
    await settle();
    expect(detached.mock.calls).toEqual([['C8:47:8C:00:00:01', undefined]]);
  });

  test('that does not read is cut off before much piles up', async () => {
    const [near, far] = duplexPair();
    ether.attach(far, { address: 'C8:47:8C:00:00:03' });
    const flood = Buffer.concat(Array.from({ length: 4000 }, () => Buffer.from('01021000', 'hex')));
    near.write(Buffer.concat([flood, Buffer.from('010a200101', 'hex')]));
    await settle();
    expect(detached.mock.calls).toEqual([['C8:47:8C:00:00:03', 'host does not read']]);
    expect(far.destroyed).toBe(true);
    expect(far.writableLength).toBeLessThan(70_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that is slow to read misses advertising reports, not answers', async () => {
    const advertiser = new TestHost(ether.open());
    await advertiser.command('HCI_LE_Set_Advertising_Parameters', advertisingParameters(0x20));
    await advertiser.command('HCI_LE_Set_Advertising_Enable', 1);
    const [near, far] = duplexPair({ highWaterMark: 256 });
    ether.attach(far);
    near.write(Buffer.from('01010c08fffffbff07f8bf3d', 'hex'));
    near.write(Buffer.from('010c20020100', 'hex'));
    await settle();
    for (let report = 0; report < 1000; report += 1) {
      vi.advanceTimersByTime(20);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    near.write(Buffer.from('01091000', 'hex'));
    await settle();
    expect(far.writableLength).toBeLessThan(512);
    const late = new TestHost(near);
    await settle();
    expect(late.events.at(-1)).toMatchObject({ event: 'commandComplete', opcode: 0x1009 });
  });
});

test('a stream that is over before it is attached takes its controller away', async () => {
  const [, far] = duplexPair();
  far.destroy();
  await settle();
  ether.attach(far, { address: 'C8:47:8C:00:00:04' });
  await settle();
  expect(detached.mock.calls).toEqual([['C8:47:8C:00:00:04', undefined]]);
});
