import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { script, temporaryFolder } from './command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const deploy = join(root, 'deploy');
const read = (file: string): string => readFileSync(join(deploy, file), 'utf8');

/** Runs a tool in the folder. */
function tool(name: string, ...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', cwd: deploy });
  return { status, output: stdout + stderr };
}

const without = (name: string): boolean => spawnSync(name, ['--version']).error !== undefined;
const title = (name: string): string => `${name}${without(name) ? ' (skipped: it is not installed)' : ''}`;

describe.skipIf(without('systemd-analyze'))(title('systemd-analyze'), () => {
  test('finds no mistake in the unit', async () => {
    await using folder = await temporaryFolder();
    const unit = folder.file('ubmsc.service');
    await writeFile(unit, read('systemd/ubmsc.service').replace('=/usr/bin/ubmsc ', `=${script} `));
    expect(tool('systemd-analyze', 'verify', unit)).toEqual({ status: 0, output: '' });
  });

  test('calls the unit well protected: at most 2.0 of 10', () => {
    const unit = join(deploy, 'systemd/ubmsc.service');
    expect(tool('systemd-analyze', 'security', '--offline=true', '--threshold=20', unit)).toMatchObject({
      status: 0,
    });
  });
});

test('the unit lets Node write code, and its child tell the service manager', () => {
  const unit = read('systemd/ubmsc.service');
  expect(unit).not.toMatch(/^MemoryDenyWriteExecute/m);
  expect(unit).toMatch(/^NotifyAccess=all$/m);
  expect(unit).toMatch(/^ExecReload=kill -HUP \$MAINPID$/m);
});

test('the files of the command, and their source maps, are the same wherever it is built', () => {
  const dist = join(root, 'packages/cli/dist');
  const files = readdirSync(dist).filter((name) => /\.js(\.map)?$/.test(name));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((name) => readFileSync(join(dist, name)).includes(root))).toEqual([]);
});

describe('the image', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const stages = new Set(lines.flatMap((line) => /^FROM \S+(?: AS (\S+))?/.exec(line)?.slice(1, 2) ?? []));

  test('copies only from a stage before it, and runs neither as root nor unwatched', () => {
    const copied = lines.flatMap((line) => /^COPY --from=(\S+)/.exec(line)?.slice(1) ?? []);
    expect(copied.length).toBeGreaterThan(0);
    expect(copied.filter((stage) => !stages.has(stage))).toEqual([]);
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')));
    expect(last).toContain('USER node');
    expect(last.find((line) => line.startsWith('HEALTHCHECK'))).toContain('CMD ["ubmsc", "health"]');
  });
});

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly image?: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

describe('the compose file', () => {
  const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
    read('compose.yaml'),
  );
  const services = Object.entries(compose.services);

  test('mounts and builds what is there', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const files = mounts.filter((mount) => mount.startsWith('.'));
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((file) => !existsSync(join(deploy, file)))).toEqual([]);
    expect(mounts.filter((mount) => !mount.startsWith('.') && !(mount in compose.volumes))).toEqual([]);
    const { context = '', dockerfile = '' } = compose.services['ubmsc']?.build ?? {};
    expect(existsSync(join(resolve(deploy, context), dockerfile))).toBe(true);
  });

  test('opens ports to this machine only, and names the version of every image', () => {
    expect(
      services.flatMap(([, { ports = [] }]) => ports).filter((port) => !port.startsWith('127.0.0.1:')),
    ).toEqual([]);
    expect(services.flatMap(([, { image }]) => image ?? []).filter((image) => !/:v?\d/.test(image))).toEqual(
      [],
    );
  });

  test('is changed for a Bluetooth controller only in services that it has', () => {
    const changes: { services: Record<string, Service> } = parse(read('compose.bluetooth.yaml'));
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(changes.services)));
  });

  test('gives Grafana the dashboard, and a data source that is the Prometheus beside it', () => {
    const grafana = compose.services['grafana']?.volumes ?? [];
    const providers: unknown = parse(read('grafana/provisioning/dashboards/ubmsc.yaml'));
    expect(providers).toMatchObject({
      providers: [{ type: 'file', options: { path: '/var/lib/grafana/dashboards' } }],
    });
    expect(grafana).toContain('./grafana/dashboards:/var/lib/grafana/dashboards:ro');
    const sources: unknown = parse(read('grafana/provisioning/datasources/prometheus.yaml'));
    expect(sources).toMatchObject({
      datasources: [{ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true }],
    });
  });
});

describe.skipIf(without('promtool'))(title('promtool'), () => {
  test('accepts the configuration of Prometheus with the rules', () => {
    const { status, output } = tool('promtool', 'check', 'config', 'prometheus/prometheus.yml');
    expect(output).toContain('is valid prometheus config');
    expect(output).toMatch(/ubmsc\.rules\.yml\s+SUCCESS: \d+ rules found/);
    expect(status).toBe(0);
  });
});
