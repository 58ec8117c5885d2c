import { readdir, readFile, writeFile } from 'node:fs/promises';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';
import { startExporter } from './exporter.ts';
import { expectPushed, GROUP, IMPORT, receiver } from './push-receiver.ts';

test.concurrent(
  'the exporter pushes to several endpoints at once, each with credentials of its own',
  async () => {
    await using one = await receiver();
    await using other = await receiver();
    await using folder = await temporaryFolder();
    await writeFile(folder.file('token'), 'of-one');
    await writeFile(
      folder.file('config.toml'),
      `adapter = "sim"\nscrape-interval = 0.2\n
[[push]]\nurl = "${one.url}${IMPORT}"\ntoken-file = "${folder.file('token')}"\n
[[push]]\nurl = "${other.url}${GROUP}"\n`,
    );
    await using daemon = await startExporter('export', '--config', folder.file('config.toml'));
    const pushedBy = (url: string): RegExp =>
      new RegExp(`^ubmsc_push_sent_samples_total\\{target="${url}"\\} [1-9]`, 'm');
    await eventually(async () => expect(await daemon.page()).toMatch(pushedBy(`${one.url}${IMPORT}`)));
    await eventually(async () => expect(await daemon.page()).toMatch(pushedBy(`${other.url}${GROUP}`)));
    expect(one.pushed[0]?.authorization).toBe('Bearer of-one');
    expect(other.pushed[0]?.authorization).toBeUndefined();
  },
);

test.concurrent('ubmsc -p pushes what batteries say once, and succeeds when that was taken', async () => {
  await expectPushed('-p');
});

test.concurrent('who prefers protobuf is told that text is pushed', async () => {
  await using server = await receiver();
  const { code, stderr } = await ubmsc('-p', '-b', '--adapter', 'sim', '-u', `${server.url}${GROUP}`);
  expect([code, stderr]).toEqual([0, expect.stringContaining('protobuf is not offered')]);
  expect(server.pushed[0]?.text).toContain('# TYPE cell_voltage gauge');
});

test.concurrent('a push to nobody fails', async () => {
  const { code, stderr } = await ubmsc('-p', '--adapter', 'sim', '-u', `http://127.0.0.1:1${GROUP}`);
  expect([code, stderr]).toEqual([5, expect.stringContaining('ECONNREFUSED')]);
});

test.concurrent('who pushes is shown by the environment and by files, not by the command line', async () => {
  await using server = await receiver();
  await using folder = await temporaryFolder();
  await writeFile(folder.file('token'), 'from-file\n');
  const args = ['push', '--adapter', 'sim', '-u', `${server.url}${GROUP}`];
  await Promise.all([
    start([...args, '--push-user', 'anna'], { UBMSC_PUSH_PASSWORD: 'secret' }).ended,
    start(args, { UBMSC_PUSH_TOKEN: 'from-environment' }).ended,
    start([...args, '--push-token-file', folder.file('token')]).ended,
  ]);
  expect(new Set(server.pushed.map(({ authorization }) => authorization))).toEqual(
    new Set([
      `Basic ${Buffer.from('anna:secret').toString('base64')}`,
      'Bearer from-environment',
      'Bearer from-file',
    ]),
  );
});

describe.concurrent('ubmsc -e -p', () => {
  test('serves metrics too when the endpoint has a URL of its own, and tells there how the push goes', async () => {
    await using server = await receiver();
    const where = ['-u', 'http://127.0.0.1:0/metrics', '--push-url', `${server.url}${GROUP}`];
    const running = start(['export', '--adapter', 'sim', '-s', '0.2', ...where]);
    const url = / at (http:\S+)\n/.exec(await running.told('/metrics\n'))?.[1] ?? '';
    await eventually(() => expect(server.pushed.length).toBeGreaterThan(1));
    const page = await (await fetch(url)).text();
    expect(page).toMatch(/^ubmsc_push_sent_samples_total [1-9]\d*$/m);
    expect(page).toMatch(/^ubmsc_push_dropped_samples_total\{reason="overflow"\} 0$/m);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});

describe.concurrent('a textfile', () => {
  test('is kept up to date by the exporter, which opens no port for it and tells nothing of itself', async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('ubmsc.prom');
    const running = start(['-e', '--adapter', 'sim', '--textfile', file, '-s', '0.2']);
    const page = async (): Promise<string> => await readFile(file, 'utf8').catch(() => '');
    await eventually(async () => expect(await page()).toContain('battery_voltage{device="UPS_BMS"}'));
    expect(await page()).not.toContain('process_');
    expect(await running.told('are written to')).not.toContain('http:');
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(await readdir(folder.file('.'))).toEqual([]);
  });
});

test.concurrent('docs/exporter.md tells of each metric of the program, and of no other', async () => {
  await using server = await receiver();
  await using folder = await temporaryFolder();
  await writeFile(
    folder.file('config.toml'),
    `push-url = "${server.url}${IMPORT}"\nscrape-interval = 0.2\n[[mqtt]]\nurl = "mqtt://127.0.0.1:1"\n`,
  );
  await using exporter = await startExporter(
    '-e',
    '--adapter',
    'sim',
    '--config',
    folder.file('config.toml'),
    '--state',
    folder.file('state'),
  );
  await eventually(async () => expect(await exporter.page()).toMatch(/_rssi_dbm\{.*_last_success_/s));
  // It is there while something waits.
  const waiting = 'ubmsc_push_queue_oldest_timestamp_seconds';
  const shown = (await exporter.page()).match(/^ubmsc_\w+/gm) ?? [];
  const docs = await readFile(new URL('../../../docs/exporter.md', import.meta.url), 'utf8');
  const told = [...docs.matchAll(/^\| `(ubmsc_\w+)`/gm)].map(([, name]) => name);
  expect(new Set(told)).toEqual(new Set([...shown, waiting]));
});

test.concurrent(
  'two batteries of one name are told apart by their addresses, and their name means neither',
  async () => {
    await using one = await simulator();
    const other = start(['simulate', '--adapter', one.adapter, '--seed', '7']);
    try {
      await other.printed('SIMULATED on');
      const { code, stdout } = await ubmsc('--adapter', one.adapter, '-t', '10', '-c', '-f', 'metrics');
      expect(code).toBe(0);
      expect(stdout.match(/^battery_voltage\{.*\}/gm)?.toSorted()).toEqual([
        'battery_voltage{device="UPS_BMS C8:47:80:00:00:01"}',
        'battery_voltage{device="UPS_BMS C8:47:80:00:07:01"}',
      ]);
      const byName = await ubmsc('--adapter', one.adapter, '-d', 'UPS_BMS', '-c');
      expect(byName.code).toBe(4);
      expect(byName.stderr).toMatch(
        /2 devices are called "UPS_BMS": (C8:47:80:00:0[07]:01(, )?){2}; ask for one by its address/,
      );
      expect((await ubmsc('--adapter', one.adapter, '-d', 'C8:47:80:00:07:01', '-c')).code).toBe(0);
    } finally {
      other.process.kill('SIGTERM');
      await other.ended;
    }
  },
);
