import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestEndpoint } from '../../test/endpoint.ts';
import { valuesOf } from '@ubmsc/testing';
import { renderPage } from '../metrics/page.ts';
import { parsePushUrl } from './endpoint.ts';
import { pushOnce } from './push-once.ts';
import { Pusher, type PusherOptions } from './pusher.ts';

const IMPORT = 'http://victoria.test/api/v1/import/prometheus';
const GROUP = 'http://gateway.test/metrics/job/ubmsc';
const OTHER = 'http://other.test/write';

const server = setupServer();
const log = vi.fn();
let endpoint = new TestEndpoint();

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
beforeEach(() => {
  log.mockReset();
  endpoint = new TestEndpoint();
  server.resetHandlers(...[IMPORT, GROUP, OTHER].map((url) => endpoint.handler(url)));
});
afterEach(() => vi.useRealTimers());
afterAll(() => server.close());

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (): Response =>
    new HttpResponse('why', { status: code, headers });

/** A pusher of pages that count up: `a 1`, `a 2`, … */
async function pusherTo(url: string, options: Partial<PusherOptions> = {}): Promise<Pusher> {
  let count = 0;
  return await Pusher.open({
    endpoint: parsePushUrl(url),
    version: '1.2.3',
    page: () => Buffer.from(`# HELP a A\n# TYPE a gauge\na ${++count}\nb{c="d"} 0\n`),
    interval: 5,
    retry: { first: 1, longest: 4 },
    log,
    ...options,
  });
}

const counts = (pusher: Pusher): ReadonlyMap<string, number> =>
  valuesOf(String(renderPage(pusher.families())));

const numbers = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => {
    const [, number] = /^a (\d+)/.exec(line) ?? [];
    return number === undefined ? [] : [Number(number)];
  });

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('samples', () => {
  test('are imported with their times, in whole milliseconds, and nothing beside them', async () => {
    await using pusher = await pusherTo(IMPORT);
    await expect.poll(() => endpoint.lines.length).toBeGreaterThan(4);
    expect(pusher.families().length).toBeGreaterThan(0);
    expect(endpoint.taken[0]).toMatch(/^(a \d+ \d{13}\nb\{c="d"\} 0 \d{13}\n)+$/);
  });

  test('have no times for a Pushgateway, but help and types', async () => {
    await using pusher = await pusherTo(GROUP);
    await expect.poll(() => endpoint.taken.length).toBeGreaterThan(1);
    expect(endpoint.taken[0]).toBe('# HELP a A\n# TYPE a gauge\na 1\nb{c="d"} 0\n');
    expect(counts(pusher).get('ubmsc_push_sent_samples_total')).toBeGreaterThan(1);
  });

  test('of an outage are delivered afterwards: all, in order, once', async () => {
    endpoint.fault = status(500);
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(20);
    expect(endpoint.taken).toEqual([]);
    endpoint.fault = () => undefined;
    await expect.poll(() => endpoint.taken.length).toBeGreaterThan(2);
    await pusher[Symbol.asyncDispose]();
    const delivered = numbers(endpoint.lines);
    expect(delivered).toEqual(upTo(delivered.length));
    const times = endpoint.lines.map((line) => Number(line.split(' ').at(-1)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const levels = log.mock.calls.map(([level]) => level).filter((level) => level !== 'debug');
    expect(levels).toEqual(['warn', 'info']);
  });

  test('of an outage are replaced by newer ones for a Pushgateway', async () => {
    endpoint.fault = status(503);
    const pusher = await pusherTo(GROUP);
    await expect.poll(() => endpoint.requests).toBeGreaterThan(5);
    expect(counts(pusher).get('ubmsc_push_queue_samples')).toBeLessThanOrEqual(2);
    endpoint.fault = () => undefined;
    await expect.poll(() => endpoint.taken.length).toBeGreaterThan(0);
    await pusher[Symbol.asyncDispose]();
    expect(numbers(endpoint.lines)[0]).toBeGreaterThan(1);
    expect(counts(pusher).get('ubmsc_push_dropped_samples_total{reason="replaced"}')).toBeGreaterThan(0);
  });

  test.each([
    [IMPORT, 'gzip'],
    [GROUP, 'gzip'],
    [OTHER, undefined],
  ])('go to %s compressed only where that is known to be understood', async (url, encoding) => {
    await using pusher = await pusherTo(url);
    await expect.poll(() => endpoint.taken.length).toBeGreaterThan(1);
    expect(numbers(endpoint.lines)[0]).toBe(1);
    expect([...endpoint.encodings]).toEqual([encoding]);
    expect(pusher.families().length).toBeGreaterThan(0);
  });
});

describe('an endpoint that', () => {
  test('asks to be left alone is left alone, and then gets everything', async () => {
    endpoint.fault = status(429, { 'Retry-After': '1' });
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => endpoint.requests).toBe(1);
    endpoint.fault = () => undefined;
    await expect.poll(() => endpoint.taken.length, { timeout: 5000 }).toBeGreaterThan(0);
    // In a second at an interval of 5 ms, more than this was collected before the second request.
    expect(numbers(endpoint.taken[0]?.split('\n') ?? []).length).toBeGreaterThan(10);
    expect(counts(pusher).get('ubmsc_push_retries_total')).toBe(1);
    await pusher[Symbol.asyncDispose]();
  });

  test('refuses samples is told so once, and never again with the same ones', async () => {
    const refused: string[] = [];
    endpoint.fault = (text) => {
      refused.push(text);
      return status(400)();
    };
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => refused.length).toBeGreaterThan(5);
    await pusher[Symbol.asyncDispose]();
    expect(log.mock.calls.filter(([level]) => level === 'error')).toEqual([
      ['error', expect.stringContaining('refuses samples, 2 are dropped: 400 why')],
    ]);
    const alone = refused.filter((text) => numbers(text.split('\n')).length === 1);
    expect(new Set(alone).size).toBe(alone.length);
    const { size } = new Set(numbers(alone.flatMap((text) => text.split('\n'))));
    expect(counts(pusher).get('ubmsc_push_dropped_samples_total{reason="refused"}')).toBe(2 * size);
  });

  test('refuses one page among many gets the others', async () => {
    endpoint.fault = status(500);
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(20);
    endpoint.fault = (text) => (/^a 3 /m.test(text) ? status(400)() : undefined);
    await expect.poll(() => endpoint.taken.length).toBeGreaterThan(12);
    await pusher[Symbol.asyncDispose]();
    const delivered = numbers(endpoint.lines);
    expect(delivered).toEqual(upTo(delivered.length + 1).filter((number) => number !== 3));
    expect(counts(pusher).get('ubmsc_push_dropped_samples_total{reason="refused"}')).toBe(2);
  });
});

describe('a program that ends', () => {
  test('delivers what waits', async () => {
    endpoint.fault = status(500);
    const pusher = await pusherTo(IMPORT, { retry: { first: 100_000, longest: 100_000 } });
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(20);
    endpoint.fault = () => undefined;
    await pusher[Symbol.asyncDispose]();
    expect(endpoint.lines.length).toBeGreaterThan(20);
    expect(counts(pusher).get('ubmsc_push_queue_samples')).toBe(0);
  });

  test('says what is lost when the endpoint takes nothing', async () => {
    endpoint.fault = status(500);
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => endpoint.requests).toBeGreaterThan(2);
    await pusher[Symbol.asyncDispose]();
    expect(log).toHaveBeenLastCalledWith('warn', expect.stringMatching(/^\d+ samples .* they are lost$/));
  });

  test('leaves them in the buffer on disk, from which the next one delivers them first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
    endpoint.fault = status(500);
    const pusher = await pusherTo(IMPORT, { buffer: { folder } });
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(10);
    await pusher[Symbol.asyncDispose]();
    expect(log).toHaveBeenLastCalledWith('warn', expect.stringContaining('they stay in the buffer'));
    const left = counts(pusher).get('ubmsc_push_queue_samples') ?? 0;
    endpoint.fault = () => undefined;
    const next = await pusherTo(IMPORT, { buffer: { folder } });
    await expect.poll(() => endpoint.lines.length).toBeGreaterThan(left);
    await next[Symbol.asyncDispose]();
    expect(numbers(endpoint.lines).slice(0, left / 2)).toEqual(upTo(left / 2));
    await rm(folder, { recursive: true });
  });
});

test('a page that cannot be made is logged, and the next one is pushed', async () => {
  const page = vi
    .fn(() => Buffer.from('a 1\n'))
    .mockImplementationOnce(() => {
      throw new Error('broken');
    });
  await using pusher = await pusherTo(IMPORT, { page });
  await expect.poll(() => endpoint.taken.length).toBeGreaterThan(0);
  expect(log).toHaveBeenCalledWith('error', expect.stringContaining('broken'));
  expect(pusher.families().length).toBeGreaterThan(0);
});

describe('a push of one page', () => {
  const once = async (url: string, signal = new AbortController().signal): Promise<void> =>
    await pushOnce('# TYPE a gauge\na 1\n\n# TYPE b gauge\nb 2\n', {
      endpoint: parsePushUrl(url),
      version: '1.2.3',
      signal,
      retry: { first: 1, longest: 10 },
    });

  test.each([IMPORT, GROUP, OTHER])('succeeds when it was taken: %s', async (url) => {
    await once(url);
    expect(endpoint.taken).toEqual(['# TYPE a gauge\na 1\n# TYPE b gauge\nb 2\n']);
  });

  test('is tried again when the server fails, and gives up after three times', async () => {
    let failures = 2;
    endpoint.fault = () => (failures-- > 0 ? status(502)() : undefined);
    await once(GROUP);
    expect([endpoint.requests, endpoint.taken.length]).toEqual([3, 1]);
    endpoint.fault = status(502);
    await expect(once(GROUP)).rejects.toThrow(
      'http://gateway.test/metrics/job/ubmsc has not taken the metrics: 502',
    );
    expect(endpoint.requests).toBe(6);
  });

  test('is not tried again when it is refused', async () => {
    endpoint.fault = status(400);
    await expect(once(GROUP)).rejects.toThrow('400 why');
    expect(endpoint.requests).toBe(1);
  });

  test('does not wait for longer than somebody who looks on would', async () => {
    endpoint.fault = status(503, { 'Retry-After': '3600' });
    await expect(once(GROUP)).rejects.toThrow('503');
    expect(endpoint.requests).toBe(1);
  });

  test('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    endpoint.fault = () => {
      interrupted.abort(new Error('interrupted'));
      return status(500)();
    };
    await expect(once(GROUP, interrupted.signal)).rejects.toThrow('interrupted');
  });
});
