import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, start, ubmsc, type Running } from './command.ts';

test('the page is not shown to other machines without a password', async () => {
  const { code, stderr } = await ubmsc('web', '--adapter', 'sim', '--url', 'http://0.0.0.0:0/metrics');
  expect(code).toBe(2);
  expect(stderr).toContain('the page would ask for no password');
});

/** What a page of this address gets. */
async function json(path: string, origin: URL): Promise<Readonly<Record<string, unknown>>> {
  const answer: unknown = await (await fetch(new URL(path, origin))).json();
  if (typeof answer !== 'object' || answer === null) throw new TypeError('the answer is not an object');
  return { ...answer };
}

/** Runs a command with the page while something is done with it, at the address of the page. */
async function withPage<T>(
  args: readonly string[],
  use: (origin: URL) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const running = start([...args, '--url', 'http://127.0.0.1:0/metrics'], settings);
  try {
    const announced = await running.told('in the browser at ');
    return await use(new URL(/in the browser at (\S+),/.exec(announced)?.[1] ?? ''));
  } finally {
    running.process.kill();
    await running.ended;
  }
}

describe('recordings', () => {
  const recording = fixture('jk02-24s-10.07');
  const past = 'api/history?battery=simulated-C8-47-80-00-00-01&from=1767225600000&to=1767312000000';

  test('that are imported become graphs of the page, once, also when that is done twice', async () => {
    const own = mkdtempSync(join(tmpdir(), 'ubmsc-import-'));
    const twice = [await ubmsc('history', 'import', recording, '--state', own)];
    twice.push(await ubmsc('history', 'import', recording, '--state', own));
    expect(twice.map(({ stdout }) => stdout.replace(/^.*: /, ''))).toEqual([
      '17 readings\n',
      '0 readings, 17 of minutes that the history had\n',
    ]);
    const rows = await withPage(
      ['web', '--adapter', 'sim', '--state', own],
      async (origin) => await json(`${past}&columns=battery_voltage&points=100`, origin),
    );
    expect(rows).toMatchObject({ counts: [17], columns: { battery_voltage: { value: [52.885] } } });
    rmSync(own, { recursive: true, force: true });
  });

  test('that are played are shown by the page, and are never taken for real', async () => {
    const own = mkdtempSync(join(tmpdir(), 'ubmsc-replay-'));
    await withPage(['replay', recording, '--to', 'web', '--loop', '--state', own], async (origin) => {
      await expect
        .poll(async () => await json('api/now', origin))
        .toMatchObject({ batteries: [{ simulated: true, values: { battery_current: -4 } }] });
    });
    rmSync(own, { recursive: true, force: true });
  });
});

test('the configuration of a service shows the page with users', async () => {
  const own = mkdtempSync(join(tmpdir(), 'ubmsc-config-'));
  const users = join(own, 'web.yml');
  // The password is secret.
  const hash = '$2b$04$pdwk5mgStUfliN/Zb8WR9u/BXkoLNkMn5X5eM9rSjct4lnDLPuEdu';
  writeFileSync(users, `basic_auth_users: {anna: "${hash}"}\n`);
  const config = join(own, 'ubmsc.toml');
  writeFileSync(config, `web = true\nadapter = "sim"\nstate = "${own}"\nweb-config-file = "${users}"\n`);
  await withPage(['export', '--config', config], async (origin) => {
    expect((await fetch(new URL('/api/now', origin))).status).toBe(401);
    const headers = { authorization: `Basic ${btoa('anna:secret')}` };
    expect((await fetch(new URL('/api/now', origin), { headers })).status).toBe(200);
  });
  rmSync(own, { recursive: true, force: true });
});

describe('of 1,000 clients that want to be kept up to date', () => {
  const CLIENTS = 1000;
  let state: string;
  let command: Running;
  let address: URL;

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'ubmsc-web-'));
    command = start(['web', '--adapter', 'sim', '--state', state, '--url', 'http://127.0.0.1:0/metrics']);
    const announced = await command.told('in the browser at ');
    address = new URL(/in the browser at (\S+),/.exec(announced)?.[1] ?? '');
  });

  afterAll(async () => {
    command.process.kill();
    await command.ended;
    rmSync(state, { recursive: true, force: true });
  });

  const sockets: Socket[] = [];
  afterAll(() => sockets.forEach((socket) => socket.destroy()));

  /** What a client that never reads on was answered first: a status, or nothing when it was disconnected. */
  async function follow(): Promise<number | undefined> {
    const socket = connect({ host: address.hostname, port: Number(address.port) });
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write(`GET /api/live HTTP/1.1\r\nHost: ${address.host}\r\n\r\n`);
    const first = await Promise.race([
      once(socket, 'data').then(([data]) => String(data)),
      once(socket, 'close').then(() => ''),
    ]).catch(() => '');
    socket.pause();
    return Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1] ?? NaN) || undefined;
  }

  test('twenty are, the others are refused, and the page goes on', async () => {
    const statuses = await Promise.all(Array.from({ length: CLIENTS }, follow));
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.every((status) => status === undefined || status === 200 || status === 503)).toBe(true);
    for (const socket of sockets.slice(CLIENTS / 2)) socket.destroy();
    await expect.poll(async () => (await fetch(new URL('/api/now', address))).status).toBe(200);
    if (process.platform !== 'linux') return;
    const [, kilobytes = ''] =
      /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${command.process.pid}/status`, 'utf8')) ?? [];
    expect(Number(kilobytes)).toBeLessThan(300_000);
  });

  test('places become free when clients go', async () => {
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => await follow()).toBe(200);
  });
});
