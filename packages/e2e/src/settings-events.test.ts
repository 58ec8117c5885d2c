import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc, type Ended } from './command.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the passcodes of simulated batteries contain. */
const planted = /LEAKME/;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(async () => await folder[Symbol.asyncDispose]());

/** Runs the command beside batteries of its own, which are the same each time: one, or two where it reads the second. */
const client = async (...args: string[]): ReturnType<typeof ubmsc> => {
  const ended = await ubmsc('--adapter', args.includes('UPS_BMS_2') ? 'sim:2' : 'sim', ...args);
  expect(ended.stdout + ended.stderr).not.toMatch(planted);
  return ended;
};

const read = new Map<string, ReturnType<typeof ubmsc>>();

/** The settings in a format. They are read once. */
async function settingsAs(format: string): ReturnType<typeof ubmsc> {
  const reading = read.get(format) ?? client('settings', 'UPS_BMS', '-f', format);
  read.set(format, reading);
  return await reading;
}

/** The rows of a group of the JSON document that the command prints. */
async function rows(group: string, ...args: string[]): Promise<readonly Row[]> {
  const ended = await client(...args, '-f', 'json');
  // With --diff it says whether settings differ.
  return rowsOf(group, args.includes('--diff') ? { ...ended, code: 0 } : ended);
}

function rowsOf(group: string, { code, stdout, stderr }: Ended): readonly Row[] {
  expect([code, stderr]).toEqual([0, '']);
  const document: Readonly<Record<string, readonly Row[]>> = JSON.parse(stdout);
  expect(Object.keys(document)).toEqual([group]);
  return document[group] ?? [];
}

/** A file with settings that were read, changed by `change`. */
async function earlier(name: string, change: (settings: Row) => Row): Promise<string> {
  const current = rowsOf('settings', await settingsAs('json'));
  await writeFile(folder.file(name), JSON.stringify({ settings: current.map(change) }));
  return folder.file(name);
}

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

  test('prints the values of JSON in every format for programs', async () => {
    const [device] = rowsOf('settings', await settingsAs('json'));
    expect(device).toMatchObject({
      cell_ovp: 3.65,
      charge_switch: true,
      controls: [],
      connection_wire_resistances: [0, 0, 0, 0],
      variant: 'jk02-32s',
      device: 'UPS_BMS',
      address: 'C8:47:80:00:00:01',
      simulated: true,
    });
    const names = Object.keys(device ?? {});
    for (const format of ['json-pretty', 'yaml', 'toml', 'toml-pretty']) {
      const { code, stdout } = await settingsAs(format);
      expect(code).toBe(0);
      for (const name of names) expect(stdout, format).toContain(name);
      expect(stdout).toMatch(/cell_ovp"?(?:: | = )3\.65\b/);
      expect(stdout).toMatch(/charge_switch"?(?:: | = )true\b/);
    }
  });

  test('reads every device that is named', async () => {
    const devices = await rows('settings', 'settings', 'UPS_BMS', '-d', 'UPS_BMS_2');
    expect(new Set(devices.map(({ device }) => device))).toEqual(new Set(['UPS_BMS', 'UPS_BMS_2']));
  });

  test('prints what was reached and fails for what was not', async () => {
    const { code, stdout, stderr } = await client('settings', 'UPS_BMS', 'nobody', '-t', '6', '-f', 'j');
    expect(code).toBe(4);
    expect(stdout).toContain('"cell_ovp":3.65');
    expect(stderr).toContain('"nobody" was not received');
  });
});

describe.concurrent('ubmsc settings --diff', () => {
  test('says that nothing differs', async () => {
    const file = await earlier('same.json', (settings) => settings);
    expect(await client('settings', 'UPS_BMS', '--diff', file)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'ubmsc: no differences\n',
    });
    expect(await rows('changes', 'settings', 'UPS_BMS', '--diff', file)).toEqual([]);
  });

  test('shows exactly what differs', async () => {
    const file = await earlier('changed.json', (settings) => ({
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

  test.each(['text', 'json', 'json-pretty', 'yaml', 'toml', 'toml-pretty', 'csv'])(
    'reads what was printed as %s',
    async (format) => {
      const { stdout } = await settingsAs(format);
      const file = folder.file(`before.${format}`);
      await writeFile(file, stdout.replaceAll('3.65', '3.6'));
      expect(await rows('changes', 'settings', 'UPS_BMS', '--diff', file)).toEqual([
        expect.objectContaining({ setting: 'cell_ovp', before: 3.6, after: 3.65 }),
      ]);
    },
  );

  test('names a device that is not in the file, and compares the others', async () => {
    const file = await earlier('one.json', (settings) => ({ ...settings, cell_count: 8 }));
    const { code, stdout, stderr } = await client(
      'settings',
      'UPS_BMS',
      'UPS_BMS_2',
      '--diff',
      file,
      '-f',
      'j',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('"setting":"cell_count","before":8,"after":4');
    expect(stderr).toBe('ubmsc: UPS_BMS_2 is not among the earlier settings, so it is not compared\n');
  });

  test.each([
    ['nowhere.json', undefined, 'no such file'],
    ['broken.json', '{"settings":', 'has no settings'],
    ['other.json', '{"device_info":[]}', 'has no settings'],
  ])('ends with one line when its file is of no use: %s', async (name, content, text) => {
    if (content !== undefined) await writeFile(folder.file(name), content);
    const { code, stdout, stderr } = await client('settings', 'UPS_BMS', '--diff', folder.file(name));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
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

  test('has each event once however often it is read', async () => {
    await using battery = await simulator();
    const identities = async (): Promise<readonly string[]> =>
      rowsOf('events', await ubmsc('--adapter', battery.adapter, 'events', 'UPS_BMS', '-f', 'json')).map(
        ({ run_time: runTime, code }) => `${String(runTime)} ${String(code)}`,
      );
    const first = await identities();
    const second = await identities();
    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
  });

  test('has for people the time by their clock, with its offset', async () => {
    const running = start(['--adapter', 'sim', 'events', 'UPS_BMS'], { TZ: 'Asia/Kolkata' });
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^UPS_BMS \(C8:47:80:00:00:01\) SIMULATED\n\n {2}Time +Event +Code\n/);
    expect(stdout).toMatch(/^ {2}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30 {2}LFP preset loaded +68$/m);
  });

  test('leaves out what happened before a time', async () => {
    const recent = await rows('events', 'events', 'UPS_BMS', '--since', '1d');
    expect(recent.map(({ text }) => text)).toEqual(['power-off by button', 'boot']);
    const all = await rows('events', 'events', 'UPS_BMS');
    const { time } = all[4] ?? {};
    expect(await rows('events', 'events', 'UPS_BMS', '--since', String(time))).not.toHaveLength(all.length);
    const { stdout } = await client('events', 'UPS_BMS', '--since', '2200-01-01');
    expect(stdout).toMatch(/^ {2}Events: +none$/m);
  });

  test('reads several devices, and says of each event from which it is', async () => {
    const events = await rows('events', 'events', 'UPS_BMS', 'UPS_BMS_2');
    expect(new Set(events.map(({ device }) => device))).toEqual(new Set(['UPS_BMS', 'UPS_BMS_2']));
  });

  test('says that the logbook of a layout is not known', async () => {
    await using older = await simulator('--model', 'JK-B2A24S15P');
    const { code, stdout, stderr } = await ubmsc('--adapter', older.adapter, 'events', 'JK-B2A24S15P');
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(/^ubmsc: JK-B2A24S15P was not asked for its logbook: .* is not known; .*\n$/);
  });
});
