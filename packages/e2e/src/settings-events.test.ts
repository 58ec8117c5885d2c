import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './command.ts';
import { client, rows, settingsAs, writeEarlier } from './printed-settings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(async () => await folder[Symbol.asyncDispose]());

describe.concurrent('ubmsc settings', () => {
  test('prints every setting with its unit, switches and functions as yes or no', async () => {
    const { code, stdout } = await settingsAs('text');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^UPS_BMS \(C8:47:80:00:00:01\) SIMULATED\n/);
    expect(stdout).toMatch(/^ {2}Cell OVP: +3\.65 V$/m);
    expect(stdout).toMatch(/^ {2}Charge OCP delay: +30 s$/m);
    expect(stdout).toMatch(/^ {2}Design capacity: +100 A·h$/m);
    expect(stdout).toMatch(/^ {2}Charge UTP: +-5 °C$/m);
    expect(stdout).toMatch(/^ {2}Charge switch: +yes$/m);
    expect(stdout).toMatch(/^ {2}Smart sleep: +no$/m);
  });

  test('leaves out for people what the device does not have', async () => {
    const { stdout } = await settingsAs('text');
    expect(stdout).not.toMatch(/Heating|GPS|Discharge UTP:|Enable flags|Frame counter/);
  });
});

describe.concurrent('ubmsc settings --diff', () => {
  test('shows exactly what differs', async () => {
    const file = await writeEarlier(folder.file('changed.json'), (settings) => ({
      ...settings,
      cell_ovp: 3.6,
      charge_switch: false,
    }));
    const { code, stdout, stderr } = await client('settings', 'UPS_BMS', '--diff', file);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toBe(
      'UPS_BMS (C8:47:80:00:00:01) SIMULATED\n\n  Cell OVP:       3.6 → 3.65 V\n  Charge switch:  no → yes\n',
    );
    const device = { device: 'UPS_BMS', address: 'C8:47:80:00:00:01', simulated: true };
    expect(await rows('changes', 'settings', 'UPS_BMS', '--diff', file)).toEqual([
      { ...device, setting: 'cell_ovp', before: 3.6, after: 3.65 },
      { ...device, setting: 'charge_switch', before: false, after: true },
    ]);
  });
});

describe.concurrent('ubmsc events', () => {
  test('prints when what happened, in UTC for programs, newest last', async () => {
    const events = await rows('events', 'events', 'UPS_BMS');
    expect(events.map(({ text }) => text)).toEqual([
      'boot',
      'LFP preset loaded',
      'cell over-charge',
      'cell over-charge cleared',
      'charge under-temperature',
      'charge under-temperature cleared',
      'power-off by button',
      'boot',
    ]);
    for (const event of events) {
      expect(Object.keys(event)).toEqual([
        'device',
        'address',
        'simulated',
        'time',
        'run_time',
        'code',
        'text',
      ]);
      expect(event['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
    const times = events.map(({ time }) => Date.parse(String(time)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(Date.now() + 1000);
    // The times are as far apart as the run times are.
    const starts = events.map(
      ({ run_time: runTime }, index) => (times[index] ?? NaN) - Number(runTime) * 1000,
    );
    expect(new Set(starts).size).toBe(1);
  });
});
