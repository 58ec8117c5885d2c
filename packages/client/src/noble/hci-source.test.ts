import { AdapterError } from '@ubmsc/session';
import { FakeCentral } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { HciSource, type ControllerSystem } from './hci-source.ts';

const own = '00:1A:7D:DA:71:13';
const other = '00:1A:7D:DA:71:14';

/** A machine whose controllers a test plugs in and out: numbers and addresses. */
class Machine implements ControllerSystem {
  controllers: Record<number, string>;
  problems: Record<number, 'blocked' | 'notPermitted'> = {};
  /** The kernel tells no addresses. */
  isDiscreet = false;
  readonly locked: string[] = [];
  readonly opened: FakeCentral[] = [];

  constructor(controllers: Record<number, string>) {
    this.controllers = controllers;
  }

  readonly numbers = async (): Promise<number[]> => Object.keys(this.controllers).map(Number);
  readonly address = async (device: number): Promise<string | undefined> =>
    this.isDiscreet ? undefined : this.controllers[device];
  readonly problem = async (device: number): Promise<'absent' | 'blocked' | 'notPermitted' | undefined> =>
    this.controllers[device] === undefined ? 'absent' : this.problems[device];
  readonly lock = async (title: string): Promise<AsyncDisposable> => {
    if (this.locked.includes(title)) throw new AdapterError(`${title} is held`, 'wait');
    this.locked.push(title);
    return { [Symbol.asyncDispose]: async () => void this.locked.splice(this.locked.indexOf(title), 1) };
  };
  readonly open: ControllerSystem['open'] = async (device) => {
    const central = new FakeCentral();
    this.opened.push(central);
    return { central, address: this.controllers[device] };
  };
}

describe('a controller that was opened', () => {
  test('is found again under another number, and keeps its name', async () => {
    const machine = new Machine({ 0: own });
    await using source = new HciSource(0, {}, machine);
    await source.open();
    machine.controllers = { 0: other, 1: own };
    await source.open();
    expect(source.title).toBe('hci0');
    expect(machine.locked).toEqual(['hci1']);
  });

  test('is found again where the kernel tells no addresses', async () => {
    const machine = new Machine({ 0: own });
    await using source = new HciSource(0, {}, machine);
    machine.isDiscreet = true;
    await source.open();
    machine.controllers = { 1: own };
    await source.open();
    expect(machine.locked).toEqual(['hci1']);
  });

  test('is not mistaken for another one with its number', async () => {
    const machine = new Machine({ 0: own });
    await using source = new HciSource(0, {}, machine);
    await source.open();
    machine.controllers = { 0: other };
    await expect(source.open()).rejects.toMatchObject({ reason: 'adapterGone' });
    expect(machine.opened.at(-1)?.gone.aborted).toBe(true);
    machine.controllers = { 0: own };
    await source.open();
  });

  test('that is gone is said to be absent, until it is back', async () => {
    const machine = new Machine({ 0: own });
    await using source = new HciSource(0, {}, machine);
    await source.open();
    machine.controllers = {};
    await expect(source.open()).rejects.toThrow('there is no adapter hci0');
    machine.controllers = { 0: own };
    expect((await source.open()).gone.aborted).toBe(false);
  });
});

test('a blocked controller is said to be blocked, without trying it', async () => {
  const machine = new Machine({ 0: own });
  machine.problems = { 0: 'blocked' };
  await using source = new HciSource(0, {}, machine);
  await expect(source.open()).rejects.toMatchObject({
    message: expect.stringContaining('hci0 is blocked'),
    hint: expect.stringContaining('rfkill unblock bluetooth'),
    reason: 'adapterGone',
  });
  expect(machine.opened).toEqual([]);
});

test('a user who may not drive a controller is told so before anything is loaded', async () => {
  const machine = new Machine({ 0: own });
  machine.problems = { 0: 'notPermitted' };
  await using source = new HciSource(0, {}, machine);
  await expect(source.open()).rejects.toMatchObject({
    message: 'hci0 may not be driven by this user',
    hint: expect.stringContaining('which needs no rights'),
  });
  expect(machine.opened).toEqual([]);
});

test('a controller is locked while its source is there, also when it is opened again', async () => {
  const machine = new Machine({ 0: own });
  const source = new HciSource(0, {}, machine);
  await source.open();
  await source.open();
  expect(machine.locked).toEqual(['hci0']);
  await expect(new HciSource(0, {}, machine).open()).rejects.toThrow('hci0 is held');
  await source[Symbol.asyncDispose]();
  expect(machine.locked).toEqual([]);
});
