import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { statusWith } from '@ubmsc/testing';
import type { BatterySource } from '@ubmsc/session';
import type { PageAnswer, PageRequest } from './request.ts';
import { webPages, type WebPages } from './web-pages.ts';

const source: BatterySource = {
  statuses: [statusWith({ device: 'van', address: 'C8:47:80:00:00:01' })],
  now: () => 5000,
  observe: () => ({ [Symbol.dispose]: () => {} }),
};

let historyFolder: string;
let pages: WebPages;

beforeEach(async () => {
  historyFolder = mkdtempSync(join(tmpdir(), 'ubmsc-web-'));
  pages = await webPages({
    source,
    version: '1.2.3',
    listening: new URL('http://127.0.0.1:9889/metrics'),
    historyFolder,
    hosts: ['boat.example'],
  });
});

afterEach(() => rmSync(historyFolder, { recursive: true, force: true }));

/** The text of an answer that is not sent in pieces. */
function textOf(answer: PageAnswer | undefined): string {
  const body = answer?.body;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body.toString();
  throw new Error('the answer is not a text');
}

async function get(path: string, headers: PageRequest['headers'] = {}): Promise<PageAnswer | undefined> {
  const { pathname, searchParams: query } = new URL(path, 'http://localhost');
  const signal = new AbortController().signal;
  return await pages({ path: pathname, query, headers: { host: 'localhost:9889', ...headers }, signal });
}

describe('a host', () => {
  test.each(['localhost', '127.0.0.1:9889', '[::1]:9889', 'BOAT.example', '192.168.1.20:9889'])(
    '%s reaches the page',
    async (host) => expect((await get('/', { host }))?.status).toBe(200),
  );

  test.each(['evil.example', 'localhost.evil.example', 'boat.example.evil', '', 'localhost:9889:1', 'a b'])(
    '"%s" is refused for the page and for what it asks',
    async (host) => {
      for (const path of ['/', '/api/now', '/api/live', '/app.js']) {
        expect((await get(path, { host }))?.status).toBe(421);
      }
    },
  );
});

describe('every answer', () => {
  test('forbids scripts of others, frames, and to be read by other origins', async () => {
    for (const path of ['/', '/app.js', '/api/now', '/api/history?battery=x&columns=remain_percent']) {
      const headers = (await get(path))?.headers ?? {};
      expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
      expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'");
      expect(headers['Content-Security-Policy']).not.toContain('unsafe');
      expect(headers['Access-Control-Allow-Origin']).toBeUndefined();
      expect(headers['Cross-Origin-Resource-Policy']).toBe('same-origin');
    }
  });

  test('has no passcode and no serial number', async () => {
    const body = textOf(await get('/api/now'));
    expect(body).toContain('"device":"van"');
    expect(body).not.toMatch(/passcode|serial_number/);
  });
});

test('a file that the browser has is not sent again', async () => {
  const first = await get('/app.js');
  const again = await get('/app.js', { 'if-none-match': first?.headers['ETag'] });
  expect(again).toMatchObject({ status: 304, body: '' });
});

test('paths that the page does not have are left to others', async () => {
  for (const path of ['/metrics', '/..%2fpackage.json', '/constructor', '/api/constructor']) {
    expect(await get(path)).toBeUndefined();
  }
});

test('twenty pages are kept up to date, and one more is refused', async () => {
  const open = await Promise.all(Array.from({ length: 20 }, async () => await get('/api/live')));
  const iterators = open.flatMap((answer) =>
    answer && typeof answer.body === 'object' && Symbol.asyncIterator in answer.body
      ? [answer.body[Symbol.asyncIterator]()]
      : [],
  );
  for (const iterator of iterators) await iterator.next();
  expect((await get('/api/live'))?.status).toBe(503);
  await iterators[0]?.return?.();
  expect((await get('/api/live'))?.status).toBe(200);
  for (const iterator of iterators) await iterator.return?.();
});

describe('a query', () => {
  test.each([
    '/api/history?columns=remain_percent',
    '/api/history?battery=../etc&columns=remain_percent',
    '/api/history?battery=x',
    '/api/history?battery=x&columns=A',
    '/api/history?battery=x&columns=remain_percent&points=1e9',
    '/api/history?battery=x&columns=remain_percent&from=-1',
    '/api/history?battery=x&columns=remain_percent&from=5&to=4',
    `/api/history?battery=x&columns=${Array.from({ length: 65 }, (_, index) => `c${index}`).join(',')}`,
    '/api/events',
  ])('without a meaning is refused with a hint: %s', async (path) => {
    const answer = await get(path);
    expect(answer?.status).toBe(400);
    expect(JSON.parse(textOf(answer))).toMatchObject({
      error: expect.any(String),
      hint: expect.any(String),
    });
  });

  test('of any text is answered or refused', async () => {
    const parameters = fc.dictionary(
      fc.constantFrom('battery', 'from', 'to', 'columns', 'points', 'every'),
      fc.string({ maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(parameters, async (given) => {
        const query = new URLSearchParams(given);
        for (const path of ['history', 'history.csv', 'events']) {
          expect([200, 400]).toContain((await get(`/api/${path}?${query.toString()}`))?.status);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('of a history that cannot be read now is answered with what is in the way', async () => {
    rmSync(historyFolder, { recursive: true });
    writeFileSync(historyFolder, 'not a folder');
    for (const path of ['history', 'history.csv', 'events']) {
      const answer = await get(`/api/${path}?battery=x&columns=remain_percent`);
      expect(answer).toMatchObject({ status: 503, headers: { 'Content-Type': 'application/json' } });
      expect(JSON.parse(textOf(answer))).toEqual({
        error: expect.stringMatching(/^\/.*ubmsc-web-.* cannot be read: ENOTDIR: not a directory$/),
        hint: expect.stringContaining('move it out of the folder of the history'),
      });
    }
  });

  test('for what was never kept has no rows', async () => {
    const answer = await get('/api/history?battery=C8-47-80-00-00-01&columns=remain_percent');
    expect(JSON.parse(textOf(answer))).toMatchObject({ times: [] });
  });
});
