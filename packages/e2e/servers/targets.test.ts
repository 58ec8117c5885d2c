import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../src/command.ts';
import { startExporter, valueOn, type RunningExporter } from '../src/exporter.ts';
import { startBank } from './bank.ts';
import { startInfluxDb } from './influxdb.ts';
import { describeWith, waitFor } from './process.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';
import { acceptedBy, countsOf, repeated, since, type StoredSeries } from './stored.ts';
import { startVictoriaMetrics, type VictoriaMetrics } from './victoria-metrics.ts';

/** What is pushed to. */
interface Target {
  readonly kill: (signal: 'SIGKILL') => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly stored: () => Promise<readonly StoredSeries[]>;
}

const waiting = async (exporter: RunningExporter): Promise<number> =>
  valueOn(await exporter.page(), 'ubmsc_push_queue_samples') ?? Number.NaN;

async function pushing(adapter: string, url: string, ...more: readonly string[]): Promise<RunningExporter> {
  const push = ['--push-url', url, '-s', '0.2', '-l', 'ubmsc::exporter=debug'];
  return await startExporter('export', '--adapter', adapter, ...push, ...more);
}

/**
 * Whatever an exporter accepts while a server is killed, and is there again, is stored: each sample once. What the server
 * took before may be lost with it: not all of them write it down before they answer.
 */
async function expectEverything(target: Target, url: string, ...more: readonly string[]): Promise<string> {
  await using bank = await startBank(2);
  const exporter = await pushing(bank.adapter, url, ...more);
  await waitFor('samples to be stored', async () => (await target.stored()).length > 20);
  await target.kill('SIGKILL');
  await waitFor('an outage', async () => (await waiting(exporter)) > 3000);
  const oldest = valueOn(await exporter.page(), 'ubmsc_push_queue_oldest_timestamp_seconds') ?? Number.NaN;
  await target.restart();
  await waitFor('everything to be delivered', async () => (await waiting(exporter)) === 0);
  exporter.running.process.kill('SIGTERM');
  const { code, stderr } = await exporter.running.ended;
  expect(code).toBe(0);
  const stored = await target.stored();
  const from = Math.round(oldest * 1000);
  const accepted = new Map([...since(acceptedBy(stderr), from)].filter(([, count]) => count > 0));
  expect(accepted.size).toBeGreaterThan(10);
  expect(since(countsOf(stored), from)).toEqual(accepted);
  expect(repeated(stored)).toEqual([]);
  return stderr;
}

const prometheus = process.env['UBMSC_PROMETHEUS'] ?? 'prometheus';

describeWith([prometheus], 'Prometheus, by remote write', () => {
  const open = async (): Promise<Prometheus> => await startPrometheus({ targets: [], command: prometheus });

  test('has every sample of an outage at its own time', async () => {
    await using server = await open();
    await expectEverything(server, server.writeUrl);
  });

  test('has them also when 2.0 is asked for, whether it knows that or not', async () => {
    await using server = await open();
    await expectEverything(server, server.writeUrl, '--push-protocol', 'remote-write-2');
  });

  test('is told at once that the series of a battery that vanished have ended, and those of a program', async () => {
    await using server = await open();
    await using bank = await startBank(2);
    const exporter = await pushing(bank.adapter, server.writeUrl);
    const [gone] = bank.batteries;
    const series = `cell_voltage{device="${gone?.name}"}`;
    await waitFor('its cells', async () => (await server.query(series)).length > 0);
    await gone?.vanish();
    await waitFor('them to be gone', async () => (await server.query(series)).length === 0);
    expect((await server.query('cell_voltage')).length).toBeGreaterThan(0);
    exporter.running.process.kill('SIGTERM');
    await exporter.running.ended;
    expect(await server.query('cell_voltage')).toEqual([]);
  });
});

describeWith(['victoria-metrics'], 'VictoriaMetrics has every sample of an outage', () => {
  const urls: Readonly<Record<string, (server: VictoriaMetrics) => readonly string[]>> = {
    'by remote write 1.0': ({ url }) => [`${url}/api/v1/write`],
    'by remote write 2.0, which it says to take and does not': ({ url }) => [
      `${url}/api/v1/write`,
      '--push-protocol',
      'remote-write-2',
    ],
    'by the line protocol of InfluxDB 1': ({ url }) => [`${url}/write?db=x`],
    'by that of InfluxDB 2': ({ url }) => [`${url}/api/v2/write`],
  };

  test.each(Object.entries(urls))('%s', async (_, argumentsFor) => {
    await using server = await startVictoriaMetrics();
    const [url = '', ...more] = argumentsFor(server);
    await expectEverything(server, url, ...more);
  });
});

describeWith(['influxd'], 'InfluxDB', () => {
  test('has every sample of an outage at its own time', async () => {
    await using server = await startInfluxDb();
    await expectEverything(server, server.writeUrl);
    const stored = await server.stored();
    const voltage = stored.find(({ metric }) => metric['__name__'] === 'battery_voltage');
    expect(voltage?.metric).toMatchObject({ device: expect.any(String) });
  });
});

describeWith([prometheus, 'victoria-metrics'], 'several targets', () => {
  test('get what each of them is meant to get, with the labels of the site', async () => {
    await using server = await startPrometheus({ targets: [], command: prometheus });
    await using victoria = await startVictoriaMetrics();
    await using folder = await temporaryFolder();
    await writeFile(
      folder.file('config.toml'),
      `
      [labels]
      site = "marina-7"
      [[push]]
      url = "${server.writeUrl}"
      interval = 0.2
      allow = ["cell_*", "battery_*"]
      deny = ["cell_resistance"]
      label = ["to=prometheus"]
      [[push]]
      url = "${victoria.importUrl}"
      interval = 0.5
      order = "newest"
      share = 50
      buffer = "${folder.file('buffer')}"
      `,
    );
    await using exporter = await startExporter(
      '-e',
      '--adapter',
      'sim',
      '--config',
      folder.file('config.toml'),
    );
    await waitFor('both to have samples', async () => {
      const stored = await victoria.stored();
      const isThere = stored.some(({ metric }) => metric['__name__'] === 'cell_voltage');
      return isThere && (await server.query('cell_voltage')).length > 0;
    });
    const names = new Set((await server.stored()).map(({ metric }) => metric['__name__']));
    expect(names).toContain('battery_voltage');
    expect(
      [...names].filter((name) => !/^(cell|battery)_/.test(name ?? '') || name === 'cell_resistance'),
    ).toEqual([]);
    const [cell] = await server.query('cell_voltage');
    expect(cell?.metric).toMatchObject({ site: 'marina-7', to: 'prometheus' });
    for (const { metric } of await victoria.stored()) expect(metric['site']).toBe('marina-7');
    const page = await exporter.page();
    expect(page).toMatch(/^ubmsc_push_sent_samples_total\{site="marina-7",target="http.*write"\} [1-9]/m);
    expect(page).toMatch(/^ubmsc_push_sent_samples_total\{site="marina-7",target="http.*import.*"\} [1-9]/m);
  });
});
