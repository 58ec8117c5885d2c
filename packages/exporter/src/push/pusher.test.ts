import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { valuesOf } from '@ubmsc/testing';
import { numbersOf, startReceiver, type Receiver } from '../../test/receiver.ts';
import { renderPage } from '../metrics/page.ts';
import { parsePushUrl } from './endpoint/endpoint.ts';
import { pushOnce } from './push-once.ts';
import { Pusher, type PusherOptions } from './pusher.ts';

const IMPORT = '/api/v1/import/prometheus';
const GROUP = '/metrics/job/ubmsc';
const OTHER = '/write';

const log = vi.fn();
let receiver: Receiver;

beforeEach(async () => {
  log.mockReset();
  receiver = await startReceiver();
});
afterEach(async () => await receiver[Symbol.asyncDispose]());

/** A pusher of pages that count up: `a 1`, `a 2`, … */
async function pusherTo(path: string, options: Partial<PusherOptions> = {}): Promise<Pusher> {
  let count = 0;
  return await Pusher.open({
    endpoint: parsePushUrl(`${receiver.url}${path}`),
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

const textOf = (index: number): string => receiver.taken[index]?.body.toString() ?? '';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('samples', () => {
  test('are imported with their times, in whole milliseconds, and nothing beside them', async () => {
    await using pusher = await pusherTo(IMPORT);
    await expect.poll(() => receiver.lines.length).toBeGreaterThan(4);
    expect(pusher.families().length).toBeGreaterThan(0);
    expect(textOf(0)).toMatch(/^(a \d+ \d{13}\nb\{c="d"\} 0 \d{13}\n)+$/);
  });

  test('have no times for a Pushgateway, but help and types', async () => {
    await using pusher = await pusherTo(GROUP);
    await expect.poll(() => receiver.taken.length).toBeGreaterThan(1);
    expect(textOf(0)).toBe('# HELP a A\n# TYPE a gauge\na 1\nb{c="d"} 0\n');
    expect(counts(pusher).get('ubmsc_push_sent_samples_total')).toBeGreaterThan(1);
  });

  test('of an outage are delivered afterwards: all, in order, once', async () => {
    receiver.answer = () => ({ status: 500 });
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(20);
    expect(receiver.taken).toEqual([]);
    receiver.answer = () => ({});
    await expect.poll(() => receiver.taken.length).toBeGreaterThan(2);
    await pusher[Symbol.asyncDispose]();
    const delivered = numbersOf(receiver.lines);
    expect(delivered).toEqual(upTo(delivered.length));
    const times = receiver.lines.map((line) => Number(line.split(' ').at(-1)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const levels = log.mock.calls.map(([level]) => level).filter((level) => level !== 'debug');
    expect(levels).toEqual(['warn', 'info']);
  });

  test('of an outage are replaced by newer ones for a Pushgateway', async () => {
    receiver.answer = () => ({ status: 503 });
    const pusher = await pusherTo(GROUP);
    await expect.poll(() => receiver.requests).toBeGreaterThan(5);
    expect(counts(pusher).get('ubmsc_push_queue_samples')).toBeLessThanOrEqual(2);
    receiver.answer = () => ({});
    await expect.poll(() => receiver.taken.length).toBeGreaterThan(0);
    await pusher[Symbol.asyncDispose]();
    expect(numbersOf(receiver.lines)[0]).toBeGreaterThan(1);
    expect(counts(pusher).get('ubmsc_push_dropped_samples_total{reason="replaced"}')).toBeGreaterThan(0);
  });

  test.each([
    [IMPORT, 'gzip'],
    [GROUP, 'gzip'],
    [OTHER, undefined],
  ])('go to %s compressed only where that is known to be understood', async (url, encoding) => {
    await using pusher = await pusherTo(url);
    await expect.poll(() => receiver.taken.length).toBeGreaterThan(1);
    expect(numbersOf(receiver.lines)[0]).toBe(1);
    const encodings = receiver.taken.map(({ request }) => request.headers['content-encoding']);
    expect(new Set(encodings)).toEqual(new Set([encoding]));
    expect(pusher.families().length).toBeGreaterThan(0);
  });
});

describe('an endpoint that', () => {
  test('asks to come back at once, again and again, is not asked all the time', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'Retry-After': '0' } });
    const pusher = await pusherTo(IMPORT, { retry: { first: 10_000, longest: 10_000 } });
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(20);
    expect(receiver.requests).toBe(1);
    await pusher[Symbol.asyncDispose]();
  });

  test('asks to be left alone is left alone, and then gets everything', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'Retry-After': '1' } });
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => receiver.requests).toBe(1);
    receiver.answer = () => ({});
    await expect.poll(() => numbersOf(receiver.lines).length).toBeGreaterThan(10);
    expect(counts(pusher).get('ubmsc_push_retries_total')).toBe(1);
    await pusher[Symbol.asyncDispose]();
  });
});

describe('a program that ends', () => {
  test('delivers what waits', async () => {
    receiver.answer = () => ({ status: 500 });
    const pusher = await pusherTo(IMPORT, { retry: { first: 100_000, longest: 100_000 } });
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(20);
    receiver.answer = () => ({});
    await pusher[Symbol.asyncDispose]();
    expect(receiver.lines.length).toBeGreaterThan(20);
    expect(counts(pusher).get('ubmsc_push_queue_samples')).toBe(0);
  });

  test('says what is lost when the endpoint takes nothing', async () => {
    receiver.answer = () => ({ status: 500 });
    const pusher = await pusherTo(IMPORT);
    await expect.poll(() => receiver.requests).toBeGreaterThan(2);
    await pusher[Symbol.asyncDispose]();
    expect(log).toHaveBeenLastCalledWith('warn', expect.stringMatching(/^\d+ samples .* they are lost$/));
  });

  test('leaves them in the buffer on disk, from which the next one delivers them first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
    receiver.answer = () => ({ status: 500 });
    const pusher = await pusherTo(IMPORT, { buffer: { folder } });
    await expect.poll(() => counts(pusher).get('ubmsc_push_queue_samples')).toBeGreaterThan(10);
    await pusher[Symbol.asyncDispose]();
    expect(log).toHaveBeenLastCalledWith('warn', expect.stringContaining('they stay in the buffer'));
    const left = counts(pusher).get('ubmsc_push_queue_samples') ?? 0;
    receiver.answer = () => ({});
    const next = await pusherTo(IMPORT, { buffer: { folder } });
    await expect.poll(() => receiver.lines.length).toBeGreaterThan(left);
    await next[Symbol.asyncDispose]();
    expect(numbersOf(receiver.lines).slice(0, left / 2)).toEqual(upTo(left / 2));
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
  await expect.poll(() => receiver.taken.length).toBeGreaterThan(0);
  expect(log).toHaveBeenCalledWith('error', expect.stringContaining('broken'));
  expect(pusher.families().length).toBeGreaterThan(0);
});

describe('a push of one page', () => {
  const once = async (
    path: string,
    signal = new AbortController().signal,
    retry = { first: 1, longest: 10 },
  ): Promise<void> =>
    await pushOnce('# TYPE a gauge\na 1\n\n# TYPE b gauge\nb 2\n', {
      endpoint: parsePushUrl(`${receiver.url}${path}`),
      version: '1.2.3',
      signal,
      retry,
    });

  test.each([IMPORT, GROUP, OTHER])('succeeds when it was taken: %s', async (url) => {
    await once(url);
    expect(receiver.taken).toHaveLength(1);
    expect(textOf(0)).toBe('# TYPE a gauge\na 1\n# TYPE b gauge\nb 2\n');
  });

  test('is tried again when the server fails, and gives up after three times', async () => {
    let failures = 2;
    receiver.answer = () => (failures-- > 0 ? { status: 502 } : {});
    await once(GROUP);
    expect([receiver.requests, receiver.taken.length]).toEqual([3, 1]);
    receiver.answer = () => ({ status: 502 });
    await expect(once(GROUP)).rejects.toThrow(
      `${receiver.url}/metrics/job/ubmsc has not taken the metrics: 502`,
    );
    expect(receiver.requests).toBe(6);
  });

  test('is not tried again when it is refused', async () => {
    receiver.answer = () => ({ status: 400, body: 'why' });
    await expect(once(GROUP)).rejects.toThrow('400 why');
    expect(receiver.requests).toBe(1);
  });

  test('does not wait for longer than somebody who looks on would', async () => {
    receiver.answer = () => ({ status: 503, headers: { 'Retry-After': '3600' } });
    await expect(once(GROUP)).rejects.toThrow('503');
    expect(receiver.requests).toBe(1);
  });

  test('ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    receiver.answer = () => {
      interrupted.abort(new Error('interrupted'));
      return { status: 500 };
    };
    await expect(once(GROUP, interrupted.signal)).rejects.toThrow('interrupted');
  });

  test('ends when it is interrupted before it is tried again', async () => {
    const interrupted = new AbortController();
    receiver.answer = () => ({ status: 500 });
    const retry = {
      first: 60_000,
      get longest() {
        queueMicrotask(() => interrupted.abort(new Error('interrupted'))); // the pause has begun then
        return 60_000;
      },
    };
    await expect(once(GROUP, interrupted.signal, retry)).rejects.toThrow('interrupted');
  });
});
