import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hasOpenssl, makeCertificate } from '@ubmsc/testing';
import { startReceiver, type Receiver } from '../../../test/receiver.ts';
import { parsePushUrl, type PushUrlOptions } from '../endpoint/endpoint.ts';
import type { PushCredentials } from './authorization.ts';
import { Sender, type SenderOptions, type Sent } from './send.ts';

const IMPORT = '/api/v1/import/prometheus';
const closing: Disposable[] = [];
let receiver: Receiver;
let folder = '';

beforeEach(async () => {
  receiver = await startReceiver();
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of closing.splice(0)) each[Symbol.dispose]();
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function senderTo(url: string, options: Partial<SenderOptions> & PushUrlOptions = {}): Sender {
  const sender = new Sender({ endpoint: parsePushUrl(url, options), version: '1.2.3', ...options });
  closing.push(sender);
  return sender;
}

const { signal } = new AbortController();

const sendTo = async (url: string, options: Partial<SenderOptions> = {}): Promise<Sent> =>
  await senderTo(url, options).send(Buffer.from('a 1\n'), signal);

/** A port on which a server listens until the test is over. */
async function listening(server: Server | HttpServer, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  closing.push({ [Symbol.dispose]: () => void server.close() });
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('a request', () => {
  const headersOf = async (
    path: string,
    credentials: PushCredentials = {},
    more: Partial<SenderOptions> = {},
  ): Promise<NodeJS.Dict<string | string[]>> => {
    await sendTo(`${receiver.url}${path}`, { credentials, ...more });
    return receiver.taken.at(-1)?.request.headers ?? {};
  };

  test('imports into VictoriaMetrics by POST, and replaces a group of a Pushgateway by PUT', async () => {
    await sendTo(`${receiver.url}${IMPORT}`);
    await sendTo(`${receiver.url}/metrics/job/ubmsc`);
    expect(receiver.taken.map(({ request }) => request.method)).toEqual(['POST', 'PUT']);
    expect(receiver.taken[1]?.request.headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'content-encoding': 'gzip',
      'user-agent': 'ubmsc/1.2.3',
    });
    expect(receiver.taken[1]?.body.toString()).toBe('a 1\n');
  });

  const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each<readonly [string, PushCredentials, string | undefined]>([
    ['', {}, undefined],
    ['anna:secret@', {}, encoded('anna:secret')],
    ['anna@', { password: 'secret' }, encoded('anna:secret')],
    ['anna:old@', { user: 'bert', password: 'new' }, encoded('bert:new')],
    ['', { token: 'abc' }, 'Bearer abc'],
    ['anna:secret@', { token: 'abc' }, 'Bearer abc'],
  ])('to %s with %j shows who it is from', async (userinfo, credentials, header) => {
    await sendTo(`${receiver.url.replace('//', `//${userinfo}`)}/x`, { credentials });
    expect(receiver.taken[0]?.request.headers.authorization).toBe(header);
  });

  test('to InfluxDB 2 has its scheme, and any has the headers that were asked for', async () => {
    const headers = await headersOf('/api/v2/write', { token: 'abc' }, { headers: { 'X-Scope-OrgID': 'a' } });
    expect([headers['authorization'], headers['x-scope-orgid']]).toEqual(['Token abc', 'a']);
  });

  test('takes secrets from files, as they are at that moment', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'first\n');
    expect((await headersOf('/x', { tokenFile: file }))['authorization']).toBe('Bearer first');
    await writeFile(file, 'second\n');
    const headers = await headersOf('/x', { user: 'anna', passwordFile: file });
    expect(headers['authorization']).toBe(encoded('anna:second'));
    await rm(file);
    expect(await sendTo(`${receiver.url}/x`, { credentials: { tokenFile: file } })).toMatchObject({
      kind: 'held',
      text: expect.stringContaining('cannot read'),
    });
  });
});

test('remote write 2.0 is given up for 1.0 where it is not understood, also where that is answered with 204', async () => {
  const sender = senderTo(`${receiver.url}/api/v1/write`, { protocol: 'remote-write-2' });
  expect(await sender.send(Buffer.from('x'), signal)).toMatchObject({ kind: 'held' });
  expect(await sender.send(Buffer.from('x'), signal)).toMatchObject({ kind: 'accepted' });
  expect(receiver.taken.map(({ request }) => request.headers['x-prometheus-remote-write-version'])).toEqual([
    '2.0.0',
    '0.1.0',
  ]);
});

describe('what goes wrong on a connection may be over later:', () => {
  test('nobody listens', async () => {
    const server = createServer((socket) => socket.resetAndDestroy());
    const port = await listening(server);
    expect(await sendTo(`http://127.0.0.1:${port}/x`)).toMatchObject({ kind: 'held', because: 'network' });
    server.close();
    await once(server, 'close');
    expect(await sendTo(`http://127.0.0.1:${port}/x`)).toMatchObject({
      kind: 'held',
      text: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('somebody speaks no HTTP', async () => {
    const port = await listening(createServer((socket) => socket.end('220 mail.test ESMTP\r\n')));
    expect(await sendTo(`http://127.0.0.1:${port}/x`)).toMatchObject({ kind: 'held', because: 'network' });
  });

  test('a name that is not known yet', async () => {
    expect(await sendTo('http://nowhere.invalid/x')).toMatchObject({ kind: 'held', because: 'network' });
  });

  test('an answer that never comes', async () => {
    receiver.answer = async () => await new Promise(() => {});
    expect(await sendTo(`${receiver.url}/x`, { idle: 50 })).toMatchObject({
      kind: 'held',
      because: 'timeout',
      text: 'nothing has happened for 0.1 s',
    });
  });
});

test('an answer that comes slowly, but comes, is waited for', async () => {
  const server = createHttpServer((_, response) => {
    response.writeHead(400, { 'Content-Length': 10 });
    let count = 0;
    const timer = setInterval(() => {
      response.write(String(count++));
      if (count === 10) clearInterval(timer);
    }, 250);
  });
  const port = await listening(server);
  // Ten pieces take longer than that; one alone takes an eighth of it, also on a machine that is slow.
  expect(await sendTo(`http://127.0.0.1:${port}/x`, { idle: 2000 })).toMatchObject({
    kind: 'refused',
    text: '400 0123456789',
  });
});

test.each([
  [400, { kind: 'refused' }],
  [200, { kind: 'accepted' }],
])('an answer with %i whose body has no end counts by its beginning', async (status, outcome) => {
  const server = createHttpServer((_, response) => {
    response.writeHead(status);
    const timer = setInterval(() => response.write('x'.repeat(20_000)), 1);
    response.on('close', () => clearInterval(timer));
    response.on('error', () => {});
  });
  expect(await sendTo(`http://127.0.0.1:${await listening(server)}/x`)).toMatchObject(outcome);
});

test('much that is sent shares a connection, and after a fault there is a new one', async () => {
  const sockets = new Set<Socket>();
  receiver.answer = ({ request }) => {
    sockets.add(request.socket);
    return {};
  };
  const sender = senderTo(`${receiver.url}${IMPORT}`);
  for (let count = 0; count < 3; count++) await sender.send(Buffer.from('a 1\n'), signal);
  expect(sockets.size).toBe(1);
  receiver.answer = ({ request }) => {
    sockets.add(request.socket);
    return { status: 503 };
  };
  await sender.send(Buffer.from('a 1\n'), signal);
  await sender.send(Buffer.from('a 1\n'), signal);
  expect(sockets.size).toBe(2);
});

describe('a proxy', () => {
  test('of the environment is used, but not for hosts that NO_PROXY names', async () => {
    const seen: string[] = [];
    const proxy = createHttpServer((request, response) => {
      seen.push(request.url ?? '');
      response.end();
    });
    vi.stubEnv('http_proxy', `http://127.0.0.1:${await listening(proxy)}`);
    vi.stubEnv('no_proxy', 'near.invalid');
    expect(await sendTo('http://far.invalid/x')).toMatchObject({ kind: 'accepted' });
    expect(seen).toEqual(['http://far.invalid/x']);
    expect(await sendTo('http://near.invalid/x')).toMatchObject({ kind: 'held' });
    expect(seen).toHaveLength(1);
  });

  test('that speaks SOCKS 5 is asked for the host by its name', async () => {
    const asked: string[] = [];
    const port = await listening(
      createServer((socket) => {
        let step = 0;
        socket.on('error', () => {});
        socket.on('data', (data) => {
          step++;
          if (step === 1) socket.write(Buffer.from([5, 0]));
          else if (step === 2) {
            asked.push(data.subarray(5, 5 + (data[4] ?? 0)).toString());
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          } else socket.end('HTTP/1.1 204 No Content\r\n\r\n');
        });
      }),
    );
    expect(
      await sendTo(`http://far.invalid${IMPORT}`, { proxy: `socks5h://127.0.0.1:${port}` }),
    ).toMatchObject({
      kind: 'accepted',
    });
    expect(asked).toEqual(['far.invalid']);
  });
});

describe.skipIf(!hasOpenssl)('over TLS', () => {
  test('a certificate that nobody vouches for is not accepted, and one of the CA file is', async () => {
    const { key, cert } = makeCertificate(folder, 'server');
    await using secure = await startReceiver({ key: await readFile(key), cert: await readFile(cert) });
    expect(await sendTo(`${secure.url}${IMPORT}`)).toMatchObject({
      kind: 'held',
      text: expect.stringMatching(/self-signed/),
    });
    expect(secure.taken).toEqual([]);
    expect(await sendTo(`${secure.url}${IMPORT}`, { caFile: cert })).toMatchObject({ kind: 'accepted' });
  });

  test('a client certificate is shown, and one that was renewed on disk is used at once', async () => {
    const server = makeCertificate(folder, 'server');
    const first = makeCertificate(folder, 'first');
    const second = makeCertificate(folder, 'second');
    await using secure = await startReceiver({
      key: await readFile(server.key),
      cert: await readFile(server.cert),
      ca: [await readFile(second.cert)],
      requestCert: true,
    });
    const client = { cert: join(folder, 'client.crt'), key: join(folder, 'client.key') };
    const write = async (from: typeof client): Promise<void> => {
      await writeFile(client.cert, await readFile(from.cert));
      await writeFile(client.key, await readFile(from.key));
    };
    await write(first);
    const sender = senderTo(`${secure.url}${IMPORT}`, {
      caFile: server.cert,
      certFile: client.cert,
      keyFile: client.key,
    });
    expect(await sender.send(Buffer.from('a 1\n'), signal)).toMatchObject({
      kind: 'held',
      because: 'network',
    });
    await write(second);
    expect(await sender.send(Buffer.from('a 1\n'), signal)).toMatchObject({ kind: 'accepted' });
  });
});
