import { Ether } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestCentral } from '../test/test-central.ts';
import { simulate } from './simulate.ts';

let ether: Ether;

beforeEach(() => {
  ether = new Ether();
});

afterEach(() => ether.close());

const addresses = (): string[] => ether.controllers.map((controller) => controller.address);

it('puts batteries into the ether that differ in name, address, serial number and charge', async () => {
  const simulation = await simulate({ ether, batteries: 12 });
  const { batteries } = simulation;
  const states = batteries.map(({ device }) => device.model.state.stateOfCharge);
  const serials = batteries.map(({ device }) => device.profile.serialNumber);
  const names = batteries.map(({ name }) => name);
  expect(
    [names, addresses(), serials, states].map((values) => new Set<string | number>(values).size),
  ).toEqual(Array(4).fill(12));
  expect(batteries[0]).toMatchObject({ name: 'UPS_BMS', address: 'C8:47:80:00:00:01' });
  const central = await TestCentral.open(ether);
  expect(await central.scan()).toEqual(batteries.map(({ address }) => address));
  central.close();
  await simulation.close();
  await simulation.close();
  expect(addresses()).not.toContain('C8:47:80:00:00:01');
});

it('the number at the end of a name counts up', async () => {
  const simulation = await simulate({ ether, batteries: 3, profile: 'JK_PB2A16S20P' });
  const names = simulation.batteries.map(({ name }) => name);
  expect(names).toEqual(['512060A00001-00', '512060A00001-01', '512060A00001-02']);
  await simulation.close();
});

it('when one battery cannot advertise, none does', async () => {
  const other = ether.open({ address: 'C8:47:80:00:00:02' });
  await expect(simulate({ ether, batteries: 3 })).rejects.toBeInstanceOf(AdapterError);
  expect(addresses()).toEqual(['C8:47:80:00:00:02']);
  other.destroy();
});

it('gives up with the reason of its signal', async () => {
  const reason = new Error('never mind');
  const controller = new AbortController();
  const starting = simulate({ ether, batteries: 3, signal: controller.signal });
  controller.abort(reason);
  await expect(starting).rejects.toBe(reason);
  expect(addresses()).toEqual([]);
});

it.each([0, 1.5, 100])('refuses to make %d batteries', async (batteries) => {
  await expect(simulate({ ether, batteries })).rejects.toBeInstanceOf(RangeError);
});
