import { Ether, errorCodes } from '@ubmsc/hci';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settle, TestCentral } from '../../test/test-central.ts';
import { parseFaults } from './faults.ts';
import { simulate } from '../simulate.ts';

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

const startScan = async (central: TestCentral): Promise<void> => {
  await central.command('HCI_LE_Set_Scan_Parameters', '01100010000000');
  await central.command('HCI_LE_Set_Scan_Enable', '0100');
};

it('scan-mute: the command to scan is never answered, and nothing is received', async () => {
  const central = await meet('scan-mute');
  const before = central.answered.length;
  await startScan(central);
  expect(central.answered.slice(before)).toEqual(['HCI_LE_Set_Scan_Parameters']);
  expect(central.heard.size).toBe(0);
});

it('scan-stop-after: a while later nothing is received any more, and no event says why', async () => {
  const central = await meet('scan-stop-after=5');
  await startScan(central);
  expect(central.heard.size).toBe(1);
  await pass(5000);
  central.heard.clear();
  await pass(5000);
  expect(central.heard.size).toBe(0);
  await startScan(central);
  expect(central.heard.size).toBe(1);
});

it('stop-hang: the command to stop is never answered, and the scan goes on', async () => {
  const central = await meet('stop-hang');
  await startScan(central);
  const before = central.answered.length;
  await central.command('HCI_LE_Set_Scan_Enable', '0000');
  expect(central.answered).toHaveLength(before);
  central.heard.clear();
  await pass(5000);
  expect(central.heard.size).toBe(1);
});

it('foreign-links: whoever scans is told of a link that nobody asked for, and of its end', async () => {
  const central = await meet('foreign-links=5');
  await startScan(central);
  await pass(5000);
  expect(central.connections).toEqual([0x0efe]);
  await pass(200);
  expect(central.disconnections).toEqual([errorCodes['Remote User Terminated Connection']]);
});

it('state-stuck: the command to disconnect is never answered, and the link stays', async () => {
  const central = await meet('state-stuck');
  await central.connect(address);
  const before = central.answered.length;
  await central.disconnect();
  expect(central.answered).toHaveLength(before);
  expect(central.disconnections).toEqual([]);
  expect(await central.att('020002')).toEqual(['038300']);
});

it('vanish: the adapter of the central goes, and none can come for 5 s', async () => {
  const central = await meet('vanish=5');
  await central.connect(address);
  await pass(5000);
  expect(ether.controllers.map((controller) => controller.address)).toEqual([address]);
  expect(() => ether.open()).toThrow('there is no controller');
  central.close();
  await pass(6000);
  const next = await TestCentral.open(ether);
  expect(await next.scan()).toEqual([address]);
});

it('power-cycle: the adapter forgets its links, is deaf for a time, and works again', async () => {
  const central = await meet('power-cycle=7');
  await central.connect(address);
  await pass(5000);
  expect(await central.scan()).toEqual([]);
  expect(central.disconnections).toEqual([]);
  await pass(7000);
  await central.command('HCI_Reset');
  await central.command('HCI_Set_Event_Mask', 'fffffbff07f8bf3d');
  expect(await central.scan()).toEqual([address]);
});
