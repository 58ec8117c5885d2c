import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';
import { expectServed, startExporter, text, until } from './exporter.ts';

test.concurrent(
  'ubmsc -e serves what batteries say as metrics, and ends well when it is asked to',
  async () => {
    await expectServed('-e');
  },
);

test.concurrent('a battery that is read on demand is free for others at all other times', async () => {
  await using simulation = await simulator('--batteries', '2');
  const { adapter } = simulation;
  await using daemon = await startExporter(
    '-e',
    '--adapter',
    adapter,
    '-d',
    'UPS_BMS',
    '--on-demand',
    'UPS_BMS_2',
  );
  await until(daemon.url, 'ubmsc_device_up{device="UPS_BMS"} 1\n');
  const probe = async (target: string): Promise<string> =>
    await text(new URL(`/probe?target=${target}`, daemon.url).href);
  const page = await probe('UPS_BMS_2');
  expect(page).toContain('ubmsc_probe_success 1\n');
  expect(page).toMatch(/^cell_voltage\{device="UPS_BMS_2",cell="0"\} 3\.\d+$/m);
  expect(page).not.toContain('"UPS_BMS"');
  expect(await probe('UPS_BMS')).toContain('ubmsc_device_up{device="UPS_BMS"} 1\n');
  expect(await probe('JK_ELSEWHERE')).toContain('not one of the batteries');
  expect(await text(daemon.url)).not.toContain('UPS_BMS_2');
  const other = await ubmsc('--adapter', adapter, '-c', '-d', 'UPS_BMS_2');
  expect([other.code, other.stderr]).toEqual([0, '']);
});

test.concurrent('settings of the command line say how the page looks', async () => {
  const settings = ['--metric-prefix', 'jk_', '--max-devices', '1', '--disable-process-metrics'];
  await using daemon = await startExporter('export', '--adapter', 'sim:2', ...settings);
  const page = await until(daemon.url, 'ubmsc_devices_left_out 1\n');
  expect(page).not.toContain('process_');
  await until(daemon.url, 'jk_battery_voltage{device="UPS_BMS"}');
});

describe.concurrent('what is wrong is said', () => {
  test('once, when neither history nor energy totals can be kept', async () => {
    await using folder = await temporaryFolder();
    const [energy, history] = [folder.file('energy'), folder.file('history')];
    for (const file of [energy, history]) await writeFile(file, 'not a folder');
    const daemon = await startExporter('export', '--adapter', 'sim', '--state', folder.path);
    await daemon[Symbol.asyncDispose]();
    const { stderr } = await daemon.running.ended;
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(`no energy is added up: ${energy} cannot be written: EEXIST`),
      expect.stringContaining(`no history is kept: ${history} cannot be written: EEXIST`),
      `ubmsc: metrics of all batteries that are found at ${daemon.url}`,
      '',
    ]);
  });

  test('when the web configuration is not valid', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.file('web.yml'), 'tls: {}');
    const { code, stderr } = await ubmsc(
      '-e',
      '--adapter',
      'sim',
      '--web.config.file',
      folder.file('web.yml'),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('tls: there is no such key here')]);
  });

  test('when everybody can reach the exporter', async () => {
    const running = start(['-e', '--adapter', 'sim', '-u', 'http://0.0.0.0:0/metrics']);
    expect(await running.told('/metrics\n')).toContain('can be reached from other machines');
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
