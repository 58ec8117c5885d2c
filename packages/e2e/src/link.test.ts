import { openAdapter, type Adapter } from '@ubmsc/client';
import { Ether } from '@ubmsc/hci';
import { DeviceNotFoundError, LinkError } from '@ubmsc/session';
import type { Reading } from '@ubmsc/protocol';
import { deviceProfiles, simulate, type GattLayoutName, type SimulateOptions } from '@ubmsc/simulator';
import { describe, expect, test } from 'vitest';

/** Simulated batteries, and an adapter in the same ether: real bleno, virtual controllers, real noble. */
async function simulation(
  options: Omit<SimulateOptions, 'ether'> = {},
): Promise<AsyncDisposable & { readonly ether: Ether; readonly adapter: Adapter }> {
  const unknown: string[] = [];
  const ether = new Ether({ onUnknownCommand: (_, opcode) => unknown.push(opcode.toString(16)) });
  const batteries = await simulate({ ether, ...options });
  const adapter = await openAdapter(ether);
  return {
    ether,
    adapter,
    async [Symbol.asyncDispose]() {
      await adapter.close();
      await batteries.close();
      ether.close();
      expect(unknown, 'commands that the virtual controller does not have').toEqual([]);
    },
  };
}

async function take(readings: AsyncGenerator<Reading>, count: number): Promise<Reading[]> {
  const taken: Reading[] = [];
  for await (const reading of readings) {
    taken.push(reading);
    if (taken.length === count) break;
  }
  return taken;
}

describe.concurrent('noble and bleno over the ether', () => {
  test.each<GattLayoutName>(['L1', 'L2', 'L3'])('read a battery in GATT layout %s', async (gatt) => {
    await using sim = await simulation({ gatt });
    await using battery = await sim.adapter.open('UPS_BMS');
    const info = await battery.deviceInfo();
    expect([info.deviceModel, info.hardwareVersion, info.softwareVersion]).toEqual([
      'JK_BD4A8S4P',
      '15A',
      '15.26',
    ]);
    const reading = await battery.read();
    const sum = reading.cellVoltage.reduce<number>((total, cell) => total + (cell ?? 0), 0);
    expect(reading.cellVoltage).toHaveLength(4);
    expect(reading.batteryVoltage).toBeCloseTo(sum, 6);
  });

  test.each(Object.entries(deviceProfiles))('read a %s', async (name, profile) => {
    await using sim = await simulation({ profile });
    const [device] = await take1(sim.adapter.scan());
    if (!device) throw new Error('nothing was received');
    await using battery = await sim.adapter.open(device);
    expect((await battery.deviceInfo()).deviceModel).toBe(name);
    const [first, second] = await take(battery.readings(), 2);
    // A process that gets no time misses some between them.
    const later = ((second?.source.counter ?? 0) - (first?.source.counter ?? 0)) & 0xff;
    expect(later).toBeGreaterThan(0);
    expect(later).toBeLessThan(128);
  });

  test('read two batteries at the same time', async () => {
    await using sim = await simulation({ batteries: 2 });
    const [one, two] = await Promise.all([sim.adapter.open('UPS_BMS'), sim.adapter.open('ups-bms 2')]);
    const readings = await Promise.all([take(one.readings(), 3), take(two.readings(), 3)]);
    expect(readings.map(([reading]) => reading?.remainPercent)).toHaveLength(2);
    expect(readings[0]?.[0]?.remainPercent).not.toBe(readings[1]?.[0]?.remainPercent);
  });

  test('give the settings', async () => {
    await using sim = await simulation();
    await using battery = await sim.adapter.open('C8:47:80:00:00:01');
    expect((await battery.settings()).cellCount).toBe(4);
  });

  test('hear a battery again after its link was closed', async () => {
    await using sim = await simulation();
    for (let round = 0; round < 3; round++) {
      await using battery = await sim.adapter.open('UPS_BMS');
      expect((await battery.deviceInfo()).deviceName).toBe('UPS_BMS');
    }
  });
});

async function take1<T>(items: AsyncGenerator<T>): Promise<T[]> {
  for await (const item of items) return [item];
  return [];
}

describe('an adapter', () => {
  test('yields devices as they are received, with name, address, strength and what they are', async () => {
    await using sim = await simulation({ batteries: 2 });
    const heard = [];
    for await (const device of sim.adapter.scan()) {
      heard.push(device);
      if (heard.length === 2) break;
    }
    expect(heard.toSorted((a, b) => a.address.localeCompare(b.address))).toEqual([
      { address: 'C8:47:80:00:00:01', name: 'UPS_BMS', rssi: -60, likelihood: 'certain' },
      { address: 'C8:47:80:00:00:02', name: 'UPS_BMS_2', rssi: -60, likelihood: 'certain' },
    ]);
  });

  test('says what it received instead of the device that was asked for', async () => {
    await using sim = await simulation();
    const error = await sim.adapter.find('nobody', { timeout: 500 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeviceNotFoundError);
    expect(String(error)).toContain('received only UPS_BMS');
  });

  test('does not hear a battery that another central holds, and hears it when that lets go', async () => {
    await using sim = await simulation();
    await using other = await openAdapter(sim.ether);
    const held = await other.open('UPS_BMS');
    await expect(sim.adapter.find('UPS_BMS', { timeout: 500 })).rejects.toThrow(
      /held by another|was not received/,
    );
    await held.close();
    await using battery = await sim.adapter.open('UPS_BMS');
    expect(await battery.read()).toHaveProperty('cellVoltage');
  });

  test('stops scanning at once when its caller aborts', async () => {
    await using sim = await simulation();
    const controller = new AbortController();
    const found = sim.adapter.find('nobody', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
  });

  test('gives up connecting when its caller aborts, and connects the next time', async () => {
    await using sim = await simulation();
    const device = await sim.adapter.find('UPS_BMS');
    await using other = await openAdapter(sim.ether);
    const held = await other.open('UPS_BMS');
    const controller = new AbortController();
    const opened = sim.adapter.open(device, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 200);
    await expect(opened).rejects.toThrow('enough');
    await held.close();
    await using battery = await sim.adapter.open('UPS_BMS');
    expect(battery.name).toBe('UPS_BMS');
  });

  test('leaves no listener on the process behind', async () => {
    const before = ['SIGINT', 'exit'].map((event) => process.listenerCount(event));
    {
      await using sim = await simulation({ batteries: 2 });
      await using battery = await sim.adapter.open('UPS_BMS');
      await battery.read();
    }
    expect(['SIGINT', 'exit'].map((event) => process.listenerCount(event))).toEqual(before);
  });
});

describe('a battery', () => {
  test('says that its link was lost when the simulator vanishes', async () => {
    const ether = new Ether();
    const batteries = await simulate({ ether });
    await using adapter = await openAdapter(ether);
    const battery = await adapter.open('UPS_BMS');
    await battery.read();
    const lost = expect(take(battery.readings(), 100)).rejects.toThrow(LinkError);
    await batteries.close();
    await lost;
    ether.close();
  });

  test('is free for others after the loop over its readings was left', async () => {
    await using sim = await simulation();
    {
      await using battery = await sim.adapter.open('UPS_BMS');
      expect(await take(battery.readings(), 2)).toHaveLength(2);
    }
    expect((await sim.adapter.find('UPS_BMS')).name).toBe('UPS_BMS');
  });
});
