import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasOpenssl, makeCertificate } from '../../test/certificates.ts';
import type { PushCredentials } from './authorization.ts';
import { parsePushUrl } from './endpoint.ts';
import { retryAfter, send, type Outcome } from './send.ts';

const URL_OF_IMPORT = 'http://victoria.test/api/v1/import/prometheus';
const server = setupServer();

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

async function sendTo(
  url: string,
  {
    credentials = {},
    timeout,
    body = 'a 1\n',
  }: { credentials?: PushCredentials; timeout?: number; body?: string } = {},
): Promise<Outcome> {
  const { signal } = new AbortController();
  return await send(Buffer.from(body), false, {
    endpoint: parsePushUrl(url),
    credentials,
    version: '1.2.3',
    timeout,
    signal,
  });
}

const answering = (...args: Parameters<typeof http.all>[1] extends infer R ? [R] : never): void =>
  server.use(http.all(URL_OF_IMPORT, ...args));

describe('what a server answers', () => {
  test.each([
    [200, { kind: 'taken' }],
    [204, { kind: 'taken' }],
    [500, { kind: 'retry', reason: '500 why', after: undefined }],
    [503, { kind: 'retry', reason: '503 why', after: undefined }],
    [408, { kind: 'retry', reason: '408 why', after: undefined }],
    [400, { kind: 'refused', reason: '400 why' }],
    [401, { kind: 'refused', reason: '401 why' }],
    [404, { kind: 'refused', reason: '404 why' }],
    [413, { kind: 'refused', reason: '413 why' }],
  ])('with status %i decides what becomes of the samples', async (status, outcome) => {
    answering(() => new HttpResponse(status === 204 ? null : 'why\nmore', { status }));
    expect(await sendTo(URL_OF_IMPORT)).toEqual(outcome);
  });

  test('says how long to wait', async () => {
    answering(() => new HttpResponse('slow down', { status: 429, headers: { 'Retry-After': '7' } }));
    expect(await sendTo(URL_OF_IMPORT)).toEqual({ kind: 'retry', reason: '429 slow down', after: 7000 });
  });

  test('may be a redirect, which is not followed', async () => {
    const followed = vi.fn();
    server.use(http.all('http://elsewhere.test/', followed));
    answering(() => HttpResponse.redirect('http://elsewhere.test/', 302));
    expect(await sendTo(URL_OF_IMPORT)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^302/),
    });
    expect(followed).not.toHaveBeenCalled();
  });

  test('may never come', async () => {
    answering(async () => {
      await delay('infinite');
    });
    expect(await sendTo(URL_OF_IMPORT, { timeout: 50 })).toEqual({
      kind: 'retry',
      reason: 'no answer within 0.05 s',
    });
  });

  test('may be a broken connection', async () => {
    answering(() => HttpResponse.error());
    expect(await sendTo(URL_OF_IMPORT)).toMatchObject({ kind: 'retry' });
  });

  test.each([
    ['taken', 200, { kind: 'taken' }],
    ['refused', 400, { kind: 'refused', reason: expect.stringMatching(/^400 x+$/) }],
  ])('counts by its status when its body has no end: %s', async (_, status, outcome) => {
    answering(() => {
      const endless = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          await delay(1);
          controller.enqueue(new Uint8Array(10_000).fill(0x78));
        },
      });
      return new HttpResponse(endless, { status });
    });
    expect(await sendTo(URL_OF_IMPORT, { timeout: 5000 })).toEqual(outcome);
  });

  test('counts by its status when its body comes too slowly', async () => {
    answering(() => {
      const slow = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode('half an ans')),
      });
      return new HttpResponse(slow, { status: 400 });
    });
    expect(await sendTo(URL_OF_IMPORT, { timeout: 100 })).toMatchObject({ kind: 'refused' });
  });
});

describe('a request', () => {
  async function requestOf(url: string, credentials: PushCredentials = {}): Promise<Request> {
    let request: Request | undefined;
    server.use(
      http.all(/.*/, ({ request: received }) => {
        request = received.clone();
        return new HttpResponse();
      }),
    );
    await sendTo(url, { credentials });
    if (!request) throw new Error('nothing was sent');
    return request;
  }

  test('imports into VictoriaMetrics by POST, and replaces a group of a Pushgateway by PUT', async () => {
    expect((await requestOf(URL_OF_IMPORT)).method).toBe('POST');
    const request = await requestOf('http://pi.test/metrics/job/ubmsc');
    expect([request.method, request.headers.get('content-type'), request.headers.get('user-agent')]).toEqual([
      'PUT',
      'text/plain; version=0.0.4; charset=utf-8',
      'ubmsc/1.2.3',
    ]);
    expect(await request.text()).toBe('a 1\n');
  });

  const encoded = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each([
    ['http://pi.test/x', {}, null],
    ['http://anna:secret@pi.test/x', {}, encoded('anna:secret')],
    ['http://anna@pi.test/x', { password: 'secret' }, encoded('anna:secret')],
    ['http://anna:old@pi.test/x', { user: 'bert', password: 'new' }, encoded('bert:new')],
    ['http://pi.test/x', { token: 'abc' }, 'Bearer abc'],
    ['http://anna:secret@pi.test/x', { token: 'abc' }, 'Bearer abc'],
  ])('to %s with %j shows who it is from', async (url, credentials, header) => {
    expect((await requestOf(url, credentials)).headers.get('authorization')).toBe(header);
  });

  test('takes secrets from files, as they are at that moment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
    const file = join(folder, 'secret');
    await writeFile(file, 'first\n');
    expect((await requestOf('http://pi.test/x', { tokenFile: file })).headers.get('authorization')).toBe(
      'Bearer first',
    );
    await writeFile(file, 'second\n');
    expect(
      (await requestOf('http://pi.test/x', { user: 'anna', passwordFile: file })).headers.get(
        'authorization',
      ),
    ).toBe(encoded('anna:second'));
    await rm(folder, { recursive: true });
    expect(await sendTo('http://pi.test/x', { credentials: { tokenFile: file } })).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('cannot read'),
    });
  });
});

/** A port on which a server listens until the test is over. */
async function listening(created: Server): Promise<number> {
  created.listen(0, '127.0.0.1');
  await once(created, 'listening');
  const address = created.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('on real connections', () => {
  beforeAll(() => server.close());

  test('a server that is not there, and one that breaks the connection, may come back', async () => {
    const breaking = createServer((socket) => socket.resetAndDestroy());
    const port = await listening(breaking);
    expect(await sendTo(`http://127.0.0.1:${port}/x`)).toMatchObject({ kind: 'retry' });
    breaking.close();
    await once(breaking, 'close');
    expect(await sendTo(`http://127.0.0.1:${port}/x`)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('what speaks no HTTP may be replaced by what does', async () => {
    const other = createServer((socket) => socket.end('220 mail.test ESMTP\r\n'));
    expect(await sendTo(`http://127.0.0.1:${await listening(other)}/x`)).toMatchObject({ kind: 'retry' });
    other.close();
  });

  test('a proxy of the environment is used, but not for hosts that NO_PROXY names', async () => {
    const seen: string[] = [];
    const proxy = createHttpServer((request, response) => {
      seen.push(request.url ?? '');
      response.end();
    });
    const port = await listening(proxy);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${port}`);
    vi.stubEnv('no_proxy', 'near.test');
    expect(await sendTo('http://far.test/x')).toEqual({ kind: 'taken' });
    expect(seen).toEqual(['http://far.test/x']);
    expect(await sendTo('http://near.test/x', { timeout: 2000 })).toMatchObject({ kind: 'retry' });
    expect(seen).toHaveLength(1);
    vi.unstubAllEnvs();
    proxy.close();
  });

  test.skipIf(!hasOpenssl)('a certificate that nobody vouches for is no server of ours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
    const { key, cert } = makeCertificate(folder, 'server');
    const received = vi.fn();
    const secure = createHttpsServer({ key: await readFile(key), cert: await readFile(cert) }, received);
    const outcome = await sendTo(`https://127.0.0.1:${await listening(secure)}/x`);
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringMatching(/self-signed/) });
    expect(received).not.toHaveBeenCalled();
    secure.close();
    await rm(folder, { recursive: true });
  });
});

test.each([
  [undefined, undefined],
  ['7', 7000],
  ['0', 0],
  ['999999999', 3_600_000],
  ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s is %s ms', (header, wait) => {
  expect(retryAfter(header, Date.parse('Wed, 21 Oct 2015 07:28:00 GMT'))).toBe(wait);
});
