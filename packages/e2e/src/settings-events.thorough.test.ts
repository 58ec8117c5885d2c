import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';
import { client, rows, rowsOf, settingsAs, writeEarlier } from './printed-settings.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(async () => await folder[Symbol.asyncDispose]());

describe.concurrent('ubmsc settings', () => {
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
    const file = await writeEarlier(folder.file('same.json'), (settings) => settings);
    expect(await client('settings', 'UPS_BMS', '--diff', file)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'ubmsc: no differences\n',
    });
    expect(await rows('changes', 'settings', 'UPS_BMS', '--diff', file)).toEqual([]);
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
    const file = await writeEarlier(folder.file('one.json'), (settings) => ({ ...settings, cell_count: 8 }));
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

  test('fails where the file has settings of other batteries only: nothing was compared', async () => {
    const file = await writeEarlier(folder.file('other-one.json'), (settings) => settings);
    expect(await client('settings', 'UPS_BMS_2', '--diff', file)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'ubmsc: the earlier settings have none of UPS_BMS_2; give what ubmsc settings has printed of the same batteries\n',
    });
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
