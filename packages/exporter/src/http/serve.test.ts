import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '@ubmsc/base';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readingOf, statusOf, TestBatteries } from '../../test/batteries.ts';
import { request } from '../../test/request.ts';
import { Exporter } from '../exporter.ts';
import type { Probe } from './probe.ts';
import { routes } from './routes.ts';
import { serve, type Serving } from './serve.ts';

const log = vi.fn();

async function start(
  batteries = new TestBatteries(statusOf('A', { reading: readingOf(24) })),
  { path = '/metrics', probe }: { readonly path?: string; readonly probe?: Probe } = {},
): Promise<Serving & { readonly at: (target: string) => string }> {
  const exporter = new Exporter({ source: batteries, version: '1.2.3' });
  const server = await serve({
    url: new URL(`http://127.0.0.1:0${path}`),
    answer: routes({ exporter, version: '1.2.3', metricsPath: path, probe }),
    log,
  });
  return Object.assign(server, { at: (target: string) => new URL(target, server.url).href });
}

describe('metrics', () => {
  test('are at the path of the URL, whatever query comes after it', async () => {
    await using server = await start(undefined, { path: '/batteries' });
    for (const target of ['/batteries', '/batteries?name[]=x', '/batteries?']) {
      const { status, headers, body } = await request(server.at(target));
      expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
      expect(body.toString()).toContain('cell_voltage{device="A",cell="23"} 3.323\n');
    }
    expect((await request(server.at('/metrics'))).status).toBe(404);
  });

  test('come as OpenMetrics and compressed for who likes that', async () => {
    await using server = await start();
    const { headers, body } = await request(server.at('/metrics'), {
      headers: { Accept: 'application/openmetrics-text; version=1.0.0', 'Accept-Encoding': 'gzip' },
    });
    expect(headers).toMatchObject({
      'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'content-encoding': 'gzip',
      'content-length': String(body.length),
      vary: 'Accept, Accept-Encoding',
    });
    expect(gunzipSync(body).toString()).toMatch(/# EOF\n$/);
  });

  test('are announced to HEAD with their length, and do not come', async () => {
    await using server = await start(undefined, { path: '/-/fixed' });
    const { status, headers, body } = await request(server.at('/-/fixed'), { method: 'HEAD' });
    expect([status, body.length]).toEqual([200, 0]);
    expect(Number(headers['content-length'])).toBeGreaterThan(1000);
  });

  test('may be at /, where there is no landing page then', async () => {
    await using server = await start(undefined, { path: '/' });
    expect((await request(server.url)).body.toString()).toContain('# TYPE cell_voltage gauge');
  });
});

describe('the server', () => {
  test('shows a person where to go, and nothing of a name as HTML', async () => {
    const probe: Probe = { targets: ['<script>"\'&'], read: async () => undefined };
    await using server = await start(undefined, { probe });
    const { headers, body } = await request(server.at('/'));
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'deny' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const page = body.toString();
    expect(page).toContain('href="/metrics"');
    expect(page).toContain('href="/probe?target=%3Cscript%3E%22&#39;%26"');
    expect(page).not.toContain('<script>');
  });

  test('is healthy, and ready when of each device it is known how it is', async () => {
    const batteries = new TestBatteries(statusOf('A', { reading: undefined, state: 'searching' }));
    await using server = await start(batteries);
    const statusAt = async (path: string): Promise<number> => (await request(server.at(path))).status;
    expect([await statusAt('/-/healthy'), await statusAt('/-/ready')]).toEqual([200, 503]);
    batteries.statuses = [statusOf('A', { reading: undefined, state: 'searching', reason: 'notHeard' })];
    expect(await statusAt('/-/ready')).toBe(200);
  });

  test('knows GET and HEAD', async () => {
    await using server = await start();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await request(server.at('/metrics'), { method });
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  test('answers 404 for what is not there, and 400 for what is not a target', async () => {
    await using server = await start();
    expect((await request(server.at('/nowhere'))).status).toBe(404);
    expect((await request(server.at('/'), { path: 'nowhere' })).status).toBe(400);
    expect((await request(server.at('/'), { path: 'http://[' })).status).toBe(400);
  });

  test('answers 500 when the page cannot be made, logs it, and goes on', async () => {
    const batteries = new TestBatteries();
    await using server = await start(batteries);
    vi.spyOn(batteries, 'now').mockImplementationOnce(() => {
      throw new Error('broken');
    });
    const { status, body } = await request(server.at('/metrics'));
    expect([status, body.toString()]).toEqual([500, 'Internal error.\n']);
    expect(log).toHaveBeenCalledWith('error', expect.stringContaining('broken'));
    expect((await request(server.at('/metrics'))).status).toBe(200);
  });

  test('says which address it cannot have', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const serving = serve({ url: new URL(`http://127.0.0.1:${port}/`), answer: vi.fn(), log });
    await expect(serving).rejects.toThrow(UsageError);
    await expect(serving).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: listen EADDRINUSE`);
    const elsewhere = serve({ url: new URL('http://192.0.2.1:9/'), answer: vi.fn(), log });
    await expect(elsewhere).rejects.toMatchObject({ hint: 'give an address of this machine with { url }' });
    other.close();
  });

  test('does not wait for scrapers that keep their connections when it closes', async () => {
    const server = await start();
    const socket = await opened(server);
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    await server[Symbol.asyncDispose]();
    await ended;
  });
});

async function opened({ url }: Serving): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the connection is closed, or reset. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => socket.resume().once('close', () => resolve()));
}

/** What the server says to bytes, until it closes the connection. */
async function exchange(server: Serving, bytes: string): Promise<string> {
  const socket = await opened(server);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.write(bytes);
  await closed(socket);
  return received;
}

test('requests on one connection are answered one after the other, in their order', async () => {
  let running = 0;
  await using server = await serve({
    url: new URL('http://127.0.0.1:0/'),
    answer: async ({ path }) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => void setTimeout(resolve, 5));
      running--;
      return { status: 200, body: path };
    },
    log,
  });
  const requests = ['/a', '/b', '/c'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n`);
  const answers = await exchange(server, `${requests.join('\r\n')}Connection: close\r\n\r\n`);
  expect(answers.match(/^\/[abc]/gm)).toEqual(['/a', '/b', '/c']);
});

describe('a hostile client', () => {
  beforeEach(() => void log.mockReset());

  test.each([
    ['a head of 10 MB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(10_000_000)}\r\n\r\n`, '431'],
    ['a target of 1 MB', `GET /${'x'.repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, '431'],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\r\n\r\n', '400'],
    ['two lengths', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
    [
      'length and chunks',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      '400',
    ],
  ])('with %s is refused', async (_, bytes, status) => {
    await using server = await start();
    // A reset may come before the answer is read.
    expect(await exchange(server, bytes)).toMatch(new RegExp(`^(HTTP/1.1 ${status}|$)`));
    expect((await request(server.at('/metrics'))).status).toBe(200);
  });

  test('that sends its head byte by byte does not keep others from being answered, and is sent away', async () => {
    await using server = await start();
    const slow = await Promise.all(Array.from({ length: 300 }, async () => await opened(server)));
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nX: ');
    expect((await request(server.at('/metrics'))).status).toBe(200);
    await Promise.all(slow.map(async (socket) => await closed(socket)));
  });

  test('that opens more connections than there may be does not keep others from being answered, and loses the oldest', async () => {
    await using server = await start();
    const sockets = await Promise.all(Array.from({ length: 600 }, async () => await opened(server)));
    // On a slow machine the others may be sent away meanwhile, because they ask for nothing.
    await Promise.all(sockets.slice(0, 88).map(closed));
    expect((await request(server.at('/metrics'))).status).toBe(200);
    expect(log).toHaveBeenCalledExactlyOnceWith('warn', expect.stringContaining('the oldest are closed'));
    for (const socket of sockets) socket.destroy();
  });

  test('that takes in no answer does not keep others from being answered', async () => {
    const body = Buffer.alloc(8_000_000); // More than the kernel keeps of a connection.
    await using server = await serve({
      url: new URL('http://127.0.0.1:0/'),
      answer: async ({ path }) => ({ status: 200, body: path === '/large' ? body : 'small' }),
      log,
    });
    const sockets = await Promise.all(Array.from({ length: 45 }, async () => await opened(server)));
    for (const socket of sockets) socket.write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
    await Promise.all(sockets.map(async (socket) => await once(socket, 'readable')));
    expect((await request(new URL('/small', server.url))).body.toString()).toBe('small');
    for (const socket of sockets) socket.destroy();
  });

  test('that sends a thousand requests at once gets few answers and is sent away, and others get theirs', async () => {
    await using server = await start();
    const socket = await opened(server);
    let answers = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answers += text));
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000));
    const count = (): number => answers.match(/HTTP\/1\.1 200/g)?.length ?? 0;
    await expect.poll(count).toBe(17);
    expect((await request(server.at('/metrics'))).status).toBe(200);
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    await closed(socket);
    expect(count()).toBe(17);
  });

  test('that names two hosts is refused', async () => {
    await using server = await start();
    const head = 'GET /metrics HTTP/1.1\r\nHost: a\r\nhOST: a\r\nConnection: close\r\n\r\n';
    expect(await exchange(server, head)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('with a body loses its connection', async () => {
    await using server = await start();
    const answer = await exchange(
      server,
      'GET /-/healthy HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /',
    );
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(answer).toContain('Connection: close');
  });
});

describe('a probe', () => {
  const read = vi.fn<Probe['read']>();
  beforeEach(() => void read.mockReset());
  const probe = { targets: ['A', 'B C'], read };

  test('tells of the one battery, and how it went', async () => {
    await using server = await start(new TestBatteries(statusOf('X')), { probe });
    read.mockResolvedValueOnce(statusOf('B C'));
    const { status, body } = await request(server.at('/probe?target=B+C'));
    const page = body.toString();
    expect([status, page.includes('device="X"')]).toEqual([200, false]);
    expect(page).toContain('battery_voltage{device="B C"}');
    expect(page).toContain('ubmsc_probe_success 1\n');
    expect(page).not.toContain('process_');
  });

  test('that brings no reading says so', async () => {
    await using server = await start(undefined, { probe });
    read.mockResolvedValueOnce(
      statusOf('A', { reading: undefined, readingTime: undefined, state: 'searching' }),
    );
    const page = (await request(server.at('/probe?target=A'))).body.toString();
    expect(page).toContain('ubmsc_probe_success 0\n');
    expect(page).toContain('ubmsc_device_up{device="A"} 0\n');
    expect(page).not.toContain('battery_voltage');
  });

  test('of a battery that is not configured is refused', async () => {
    await using server = await start(undefined, { probe });
    expect((await request(server.at('/probe?target=evil'))).status).toBe(400);
    expect((await request(server.at('/probe'))).status).toBe(400);
    expect(read).not.toHaveBeenCalled();
  });

  test('ends before Prometheus stops waiting', async () => {
    await using server = await start(undefined, { probe });
    read.mockImplementationOnce(
      async (_, signal) =>
        await new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(undefined), { once: true });
        }),
    );
    const { body } = await request(server.at('/probe?target=A'), {
      headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '1' },
    });
    const [, duration] = /^ubmsc_probe_duration_seconds (\S+)$/m.exec(body.toString()) ?? [];
    expect(Number(duration)).toBeGreaterThan(0.4);
  });

  test('is refused while many others go on, and metrics are not', async () => {
    await using server = await start(undefined, { probe });
    read.mockImplementation(async (_, signal) => {
      await once(signal, 'abort');
      return undefined;
    });
    const sockets = await Promise.all(Array.from({ length: 41 }, async () => await opened(server)));
    for (const socket of sockets) socket.write('GET /probe?target=A HTTP/1.1\r\nHost: a\r\n\r\n');
    await Promise.all(sockets.slice(8).map(async (socket) => await once(socket, 'readable')));
    expect(read).toHaveBeenCalledTimes(8);
    expect((await request(server.at('/metrics'))).status).toBe(200);
    expect((await request(server.at('/probe?target=A'))).status).toBe(503);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(async () => {
        read.mockReset().mockResolvedValue(statusOf('A'));
        return (await request(server.at('/probe?target=A'))).status;
      })
      .toBe(200);
  });

  test('is aborted when the client goes', async () => {
    await using server = await start(undefined, { probe });
    const aborted = new Promise<void>((resolve) => {
      read.mockImplementationOnce(async (_, signal) => {
        setTimeout(() => socket.destroy(), 10);
        await once(signal, 'abort');
        resolve();
        return undefined;
      });
    });
    const socket = await opened(server);
    socket.write('GET /probe?target=A HTTP/1.1\r\nHost: a\r\n\r\n');
    await aborted;
  });
});
