import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adapterError } from '../central/adapter-problems.ts';
import { chooseAdapter, type ChooseOptions } from './choose.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ubmsc-auto-'));
});

afterEach(async () => await rm(root, { recursive: true }));

async function controllers(...names: readonly string[]): Promise<void> {
  for (const name of names) await mkdir(join(root, 'sys/class/bluetooth', name), { recursive: true });
}

const runs = async (): Promise<readonly string[]> => ['hci0'];
const hasNone = async (): Promise<readonly string[]> => [];
const isOff = async (): Promise<never> => {
  throw adapterError('bluez', 'bluetoothdOff');
};
const may = async (): Promise<boolean> => true;
const mayNot = async (): Promise<boolean> => false;

test.each<[string, ChooseOptions, { adapter: string; why: string }]>([
  [
    'bluetoothd, where it has an adapter',
    { ofBluetoothd: runs, mayDrive: may },
    { adapter: 'bluez', why: 'bluetoothd runs and has hci0' },
  ],
  [
    'the first controller, where bluetoothd does not run',
    { ofBluetoothd: isOff, mayDrive: may },
    { adapter: 'hci2', why: 'bluetoothd does not run, and this process may drive it' },
  ],
  [
    'the first controller, where packets are wanted',
    { ofBluetoothd: runs, mayDrive: may, needsPackets: true },
    { adapter: 'hci2', why: 'bluetoothd does not show the packets that are wanted' },
  ],
  [
    'what noble reaches, on other systems',
    { platform: 'darwin' },
    { adapter: 'hci0', why: 'noble reaches the Bluetooth of darwin' },
  ],
])('it is %s', async (_, options, choice) => {
  await controllers('hci10', 'hci2', 'hci2:64');
  expect(await chooseAdapter({ platform: 'linux', root, ...options })).toEqual(choice);
});

test('where there is neither, one sentence says why', async () => {
  await controllers('hci0');
  const choosing = chooseAdapter({ platform: 'linux', root, ofBluetoothd: isOff, mayDrive: mayNot });
  await expect(choosing).rejects.toMatchObject({
    message: 'no Bluetooth can be used: bluetoothd does not run, and this user may not drive hci0 without it',
    hint: expect.stringContaining('systemctl start bluetooth'),
  });
});

test.each([
  ['without bluetoothd', isOff],
  ['with a bluetoothd that has no adapter', hasNone],
])('a machine without a controller, %s, has no Bluetooth adapter', async (_, ofBluetoothd) => {
  await expect(chooseAdapter({ platform: 'linux', root, ofBluetoothd, mayDrive: may })).rejects.toMatchObject(
    {
      name: 'AdapterError',
      message: 'this machine has no Bluetooth adapter',
    },
  );
});
