import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Ether, serveEther } from '@ubmsc/hci';
import {
  advertise,
  constantCurrent,
  deviceProfiles,
  parseFaults,
  SimulatedDevice,
  type Advertisement,
} from '@ubmsc/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { start, temporaryFolder, type Running } from '../src/command.ts';
import { describeWith, freePort } from './process.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

const deploy = (file: string): string =>
  readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8');

/** The rules that are shipped, with times that a test can wait for. */
const rules = deploy('prometheus/ubmsc.rules.yml')
  .replaceAll(/for: \d+m/g, 'for: 1s')
  .replaceAll(/\[(?:1h|10m|15m)\]/g, '[20s]')
  .replaceAll('[7d:15m]', '[1m:1s]');

/** Batteries at rest, by name, with what is wrong with each. */
const batteries: Readonly<Record<string, readonly string[]>> = {
  sound: [],
  vanishing: [],
  'without cells': ['no-cells'],
  'weak cell': ['zero-cell=3'],
  noisy: ['crc-rate=0.5'],
  flapping: ['flap=2'],
};

interface DashboardPanel {
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Expression {
  readonly title: string;
  readonly description: string;
  readonly expr: string;
}

describeWith(['prometheus'], 'alerts in Prometheus', () => {
  const opened: AsyncDisposable[] = [];
  const advertised = new Map<string, Advertisement>();
  let exporter: Running;
  let prometheus: Prometheus;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    const ether = new Ether();
    const adapter = `unix:${folder.file('ether.sock')}`;
    opened.push(folder, ether, await serveEther(ether, adapter));
    for (const [name, faults] of Object.entries(batteries)) {
      const profile = { ...deviceProfiles.JK_BD4A8S4P, name };
      const device = new SimulatedDevice({
        profile,
        battery: { load: constantCurrent(0) },
        faults: parseFaults(faults),
      });
      const advertisement = await advertise(device, ether);
      advertised.set(name, advertisement);
      opened.push(advertisement);
    }
    const url = `http://127.0.0.1:${await freePort()}/metrics`;
    // An endpoint that nobody serves: what is pushed waits.
    const push = `http://127.0.0.1:${await freePort()}/api/v1/import/prometheus`;
    await writeFile(folder.file('config.toml'), `push-url = "${push}"\nscrape-interval = 1\n`);
    const devices = Object.keys(batteries).flatMap((name) => ['-d', name]);
    exporter = start([
      '--config',
      folder.file('config.toml'),
      '--adapter',
      adapter,
      '-u',
      url,
      ...devices,
      'export',
    ]);
    prometheus = await startPrometheus({ targets: [url], rules });
  }, 60_000);

  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    exporter?.process.kill('SIGTERM');
    await exporter?.ended;
    for (const each of opened.toReversed()) await each[Symbol.asyncDispose]();
  });

  /** The alerts that fire, as name and battery. */
  async function firing(): Promise<readonly string[]> {
    const alerts = await prometheus.query('ALERTS{alertstate="firing"}');
    return alerts.map(({ metric }) => `${metric['alertname']} ${metric['device']}`);
  }

  const fires = async (alert: string): Promise<void> => {
    await expect.poll(firing, { timeout: 60_000, interval: 500 }).toContain(alert);
  };

  test.each([
    ['UbmscAlarm', 'without cells'],
    ['UbmscCellSpreadHigh', 'weak cell'],
    ['UbmscCellVoltageLow', 'weak cell'],
    ['UbmscChecksumErrors', 'noisy'],
    ['UbmscLinkFlapping', 'flapping'],
  ])('%s fires for the battery %s', { timeout: 70_000 }, async (alert, battery) => {
    await fires(`${alert} ${battery}`);
  });

  test(
    'UbmscBatteryGone fires for a battery that vanishes, and its values are gone',
    { timeout: 70_000 },
    async () => {
      expect(await prometheus.query('battery_voltage{device="vanishing"}')).toHaveLength(1);
      await advertised.get('vanishing')?.close();
      await fires('UbmscBatteryGone vanishing');
      expect(await prometheus.query('battery_voltage{device="vanishing"}')).toEqual([]);
    },
  );

  test('nothing fires for a battery that is sound', async () => {
    expect(await prometheus.query('battery_voltage{device="sound"}')).toHaveLength(1);
    expect((await firing()).filter((alert) => alert.endsWith(' sound'))).toEqual([]);
  });

  test('every metric of the rules is there', async () => {
    const expressions = rules.match(/(?<=expr: ).*/g) ?? [];
    const names = new Set(
      expressions.flatMap(
        (each) => each.replaceAll(/"[^"]*"/g, '').match(/\b[a-z]+(?:_[a-z]+)+\b(?!\s*\()/g) ?? [],
      ),
    );
    expect(names.size).toBeGreaterThan(10);
    const missing: string[] = [];
    for (const name of names) if ((await prometheus.query(name)).length === 0) missing.push(name);
    expect(missing).toEqual([]);
  });

  /** Expressions of the dashboard that are answered with nothing, for batteries whose names match. */
  async function unanswered(device: string): Promise<readonly Expression[]> {
    const { panels }: { panels: readonly DashboardPanel[] } = parse(deploy('grafana/dashboards/ubmsc.json'));
    const empty: Expression[] = [];
    for (const { title, description = '', targets = [] } of panels) {
      for (const { expr } of targets) {
        const expression = expr
          .replaceAll('$device', device)
          .replaceAll(/\$(?:job|instance|site)/g, '.*')
          .replaceAll('$__rate_interval', '10s')
          .replaceAll('$__range', '1m');
        if ((await prometheus.query(expression)).length === 0) empty.push({ title, description, expr });
      }
    }
    return empty;
  }

  test('every expression of the dashboard is answered with what it shows', async () => {
    expect(await unanswered('.+')).toEqual([]);
  });

  test('of a battery that is sound, those alone are empty that say so', async () => {
    const empty = await unanswered('sound');
    expect(empty.filter(({ description }) => !description.includes('Empty while all is well'))).toEqual([]);
  });
});
