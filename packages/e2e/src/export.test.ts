import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';
import { startExporter } from './exporter.ts';

const text = async (url: string): Promise<string> => await (await fetch(url)).text();

/** Waits until the page holds a text. */
async function until(url: string, part: string): Promise<string> {
  await eventually(async () => expect(await text(url)).toContain(part));
  return await text(url);
}

describe.concurrent.each([['-e'], ['export']])('ubmsc %s', (way) => {
  test('serves what batteries say as metrics, and ends well when it is asked to', async () => {
    await using simulation = await simulator('--batteries', '2');
    const daemon = await startExporter(
      way,
      '--adapter',
      simulation.adapter,
      '-d',
      'UPS_BMS',
      '-d',
      'UPS_BMS_2',
    );
    await until(daemon.url, 'ubmsc_device_up{device="UPS_BMS"} 1\n');
    const page = await until(daemon.url, 'ubmsc_device_up{device="UPS_BMS_2"} 1\n');
    expect(page).toMatch(/^cell_voltage\{device="UPS_BMS",cell="3"\} 3\.\d+$/m);
    expect(page).toMatch(/^ubmsc_device_info\{device="UPS_BMS",.*simulated="true"/m);
    expect(page).toMatch(/^ubmsc_build_info\{version="\d+\.\d+\.\d+",/m);
    daemon.running.process.kill('SIGTERM');
    expect((await daemon.running.ended).code).toBe(0);
  });
});

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

test.concurrent('a web configuration asks for a password, and is read again at SIGHUP', async () => {
  await using folder = await temporaryFolder();
  const file = folder.file('web.yml');
  // The password is secret.
  const hash = '$2b$04$pdwk5mgStUfliN/Zb8WR9u/BXkoLNkMn5X5eM9rSjct4lnDLPuEdu';
  await writeFile(file, `basic_auth_users: {anna: "${hash}"}\n`);
  await using daemon = await startExporter('-e', '--adapter', 'sim', '--web.config.file', file);
  const statusFor = async (user: string): Promise<number> => {
    const headers = { Authorization: `Basic ${Buffer.from(`${user}:secret`).toString('base64')}` };
    return (await fetch(daemon.url, { headers })).status;
  };
  expect([await statusFor('anna'), await statusFor('bert')]).toEqual([200, 401]);
  await writeFile(file, `basic_auth_users: {bert: "${hash}"}\n`);
  daemon.running.process.kill('SIGHUP');
  await eventually(async () => expect(await statusFor('bert')).toBe(200));
  await writeFile(file, 'basic_auth_users: {bert: plain}\n');
  daemon.running.process.kill('SIGHUP');
  expect(await daemon.running.told('stays as it was')).toContain('hashed with bcrypt');
  expect(await statusFor('bert')).toBe(200);
});

describe.concurrent('what is wrong is said', () => {
  test('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr } = await ubmsc('-e', '--adapter', 'sim', '-u', `http://127.0.0.1:${port}/metrics`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`cannot listen on 127.0.0.1:${port}`)]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    other.close();
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
