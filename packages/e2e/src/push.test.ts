import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';
import { startExporter } from './exporter.ts';

interface Pushed {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly text: string;
}

/** A server that takes whatever is pushed to it, with the status that a test wants. */
async function receiver(): Promise<
  AsyncDisposable & { readonly url: string; readonly pushed: Pushed[]; status: number }
> {
  const pushed: Pushed[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks);
      const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
      // Who pushes asks with HEAD what time it is here.
      if (own.status < 300 && method !== 'HEAD')
        pushed.push({ method, url, authorization: headers.authorization, text });
      response.writeHead(own.status).end(own.status < 300 ? undefined : 'not now');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const own = {
    url: `http://127.0.0.1:${port}`,
    pushed,
    status: 204,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return own;
}

const IMPORT = '/api/v1/import/prometheus';
const GROUP = '/metrics/job/ubmsc';

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

describe.concurrent.each([['-p'], ['push']])('ubmsc %s', (way) => {
  test('pushes what batteries say once, and succeeds when that was taken', async () => {
    await using server = await receiver();
    const { code, stderr } = await ubmsc(way, '--adapter', 'sim:2', '-u', `${server.url}${GROUP}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(server.pushed).toHaveLength(1);
    expect(server.pushed[0]).toMatchObject({ method: 'PUT', url: GROUP, authorization: undefined });
    expect(server.pushed[0]?.text).toMatch(
      /^# TYPE cell_voltage gauge\n(cell_voltage\{device="UPS_BMS",cell="\d"\} 3\.\d+\n){4}/m,
    );
    expect(server.pushed[0]?.text).toContain('battery_voltage{device="UPS_BMS_2"}');
  });
});

test.concurrent('who prefers protobuf is told that text is pushed', async () => {
  await using server = await receiver();
  const { code, stderr } = await ubmsc('-p', '-b', '--adapter', 'sim', '-u', `${server.url}${GROUP}`);
  expect([code, stderr]).toEqual([0, expect.stringContaining('protobuf is not offered')]);
  expect(server.pushed[0]?.text).toContain('# TYPE cell_voltage gauge');
});

test.concurrent('a push that is refused fails, and says why without the password', async () => {
  await using server = await receiver();
  server.status = 400;
  const url = `${server.url.replace('//', '//anna:s3cret@')}${GROUP}?token=s3cret`;
  const { code, stderr } = await ubmsc('-p', '--adapter', 'sim', '-u', url);
  expect([code, stderr]).toEqual([
    5,
    `ubmsc: ${server.url}${GROUP} has not taken the metrics: 400 not now; check the URL and the credentials\n`,
  ]);
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
  test('pushes at the interval, and delivers what the endpoint did not take before', async () => {
    await using server = await receiver();
    await using simulation = await simulator();
    await using folder = await temporaryFolder();
    server.status = 503;
    const buffer = ['--buffer', folder.file('buffer')];
    const where = ['-u', `${server.url}${IMPORT}`, '--adapter', simulation.adapter];
    const running = start(['-e', '-p', '-s', '0.2', ...where, ...buffer]);
    await running.told('are pushed to');
    await running.told('does not take samples');
    await eventually(async () => expect((await readdir(folder.file('buffer'))).length).toBeGreaterThan(0));
    server.status = 204;
    await eventually(() => expect(server.pushed.length).toBeGreaterThan(2));
    running.process.kill('SIGTERM');
    const { code } = await running.ended;
    const times = server.pushed
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.startsWith('ubmsc_device_up{'))
      .map((line) => Number(line.split(' ').at(-1)));
    expect(code).toBe(0);
    expect(times.length).toBeGreaterThan(server.pushed.length);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });

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
  test('is written once', async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('ubmsc.prom');
    const { code, stdout } = await ubmsc('--adapter', 'sim', '--textfile', file);
    expect([code, stdout]).toEqual([0, '']);
    expect(await readFile(file, 'utf8')).toContain('battery_voltage{device="UPS_BMS"}');
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

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
      const { code, stdout } = await ubmsc('--adapter', one.adapter, '-t', '3', '-c', '-f', 'metrics');
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
