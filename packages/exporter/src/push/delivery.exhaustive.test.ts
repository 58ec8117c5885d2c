import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { times, valuesOf } from '@ubmsc/testing';
import { numbersOf, startReceiver, trueTime, type Answer, type Receiver } from '../../test/receiver.ts';
import { renderPage } from '../metrics/page.ts';
import { parsePushUrl } from './endpoint/endpoint.ts';
import { Pusher, type PusherOptions } from './pusher.ts';

const IMPORT = '/api/v1/import/prometheus';
const log = vi.fn();
let receiver: Receiver;
let folder = '';
let pages = 0;

beforeEach(async () => {
  log.mockReset();
  pages = 0;
  receiver = await startReceiver();
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await receiver[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A pusher of pages that count up: `a 1`, `a 2`, … */
async function pusher(options: Partial<PusherOptions> = {}): Promise<Pusher> {
  return await Pusher.open({
    endpoint: parsePushUrl(`${receiver.url}${IMPORT}`),
    version: '1.2.3',
    page: () => Buffer.from(`# TYPE a gauge\na ${++pages}\nb{c="d"} 0\n`),
    interval: 5,
    retry: { first: 1, longest: 20 },
    log,
    ...options,
  });
}

const valueOf = (of: Pusher, series: string): number =>
  valuesOf(String(renderPage(of.families()))).get(series) ?? Number.NaN;

const waiting = (of: Pusher): number => valueOf(of, 'ubmsc_push_queue_samples');

const dropped = (of: Pusher): number =>
  [...valuesOf(String(renderPage(of.families())))]
    .filter(([series]) => series.startsWith('ubmsc_push_dropped_samples_total'))
    .reduce((sum, [, value]) => sum + value, 0);

const numbers = (): number[] => numbersOf(receiver.lines);

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** That everything that was collected has arrived, each once. */
function expectAll(): void {
  expect(numbers().toSorted((a, b) => a - b)).toEqual(upTo(pages));
}

test('a second process that is refused the buffer leaves that of the first alone', async () => {
  const first = await pusher({ buffer: { folder }, interval: 100 });
  await expect.poll(() => pages > 1 && waiting(first) === 0, { interval: 5 }).toBe(true);
  for (let count = 0; count < times(2, 20); count++) {
    await expect(pusher({ buffer: { folder } })).rejects.toThrow(UsageError);
  }
  receiver.answer = () => ({ status: 503 });
  await expect.poll(() => waiting(first)).toBeGreaterThan(6);
  await expect(pusher({ buffer: { folder } })).rejects.toThrow(UsageError);
  receiver.answer = () => ({});
  await first[Symbol.asyncDispose]();
  expectAll();
  expect(dropped(first)).toBe(0);
});

test('a file of the buffer that vanishes takes nothing with it that is still collected', async () => {
  receiver.answer = () => ({ status: 503 });
  const running = await pusher({ buffer: { folder } });
  await expect.poll(() => waiting(running)).toBeGreaterThan(10);
  for (const name of await readdir(folder)) {
    if ((await stat(join(folder, name))).isFile()) await rm(join(folder, name), { force: true });
  }
  const from = pages + 2;
  await expect.poll(() => pages).toBeGreaterThan(from + 10);
  receiver.answer = () => ({});
  await running[Symbol.asyncDispose]();
  const delivered = new Set(numbers());
  expect(upTo(pages).filter((page) => page > from && !delivered.has(page))).toEqual([]);
});

describe('nothing is given up because of', () => {
  const answers: readonly (readonly [string, Answer])[] = [
    ['a password that was changed', { status: 401 }],
    ['a right that was taken', { status: 403 }],
    ['a path that is gone', { status: 404 }],
    ['a proxy that wants a password', { status: 407 }],
    ['a redirect', { status: 302, headers: { Location: '/login' } }],
    ['a permanent redirect', { status: 308, headers: { Location: '/login' } }],
    ['a method that is not allowed', { status: 405 }],
    ['a captive portal', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>log in' }],
    ['a captive portal without a type', { status: 200, body: 'welcome' }],
    ['a proxy that takes nothing', { status: 400, headers: { 'Content-Type': 'text/html' }, body: '<html>' }],
    ['a server that takes nothing', { status: 400, body: 'no' }],
  ];

  test.each(answers.slice(0, times(4, answers.length)))('%s', async (_, answer) => {
    receiver.answer = () => answer;
    const running = await pusher({ buffer: { folder } });
    await expect.poll(() => receiver.requests).toBeGreaterThan(12);
    expect(receiver.taken).toEqual([]);
    receiver.answer = () => ({});
    await expect.poll(() => waiting(running)).toBeLessThan(4);
    await running[Symbol.asyncDispose]();
    expectAll();
    expect(dropped(running)).toBe(0);
    const levels = log.mock.calls.map(([level]) => level).filter((level) => level !== 'debug');
    expect(levels).toEqual(['warn', 'info']);
  });
});

test.each([400, 422])('one sample whose content is refused with %i is dropped alone', async (status) => {
  receiver.answer = () => ({ status: 503 });
  const running = await pusher();
  await expect.poll(() => waiting(running)).toBeGreaterThan(20);
  receiver.answer = ({ body }) => (/^a 3 /m.test(body.toString()) ? { status } : {});
  await expect.poll(() => numbers().length).toBeGreaterThan(12);
  await running[Symbol.asyncDispose]();
  expect(numbers()).toEqual(upTo(pages).filter((page) => page !== 3));
  expect(receiver.lines.filter((line) => line.startsWith('b')).length).toBe(pages);
  expect(valueOf(running, 'ubmsc_push_dropped_samples_total{reason="refused"}')).toBe(1);
});

test.each([400, 500])(
  'samples that are too old for the server, as it says with %i, are dropped and counted',
  async (status) => {
    const written: number[] = [];
    receiver.answer = ({ body }) => {
      const taken = written.length > 1;
      written.push(body.length);
      return taken ? {} : { status, body: 'too old sample\n' };
    };
    const running = await pusher({ endpoint: parsePushUrl(`${receiver.url}/api/v1/write`) });
    await expect.poll(() => receiver.taken.length).toBeGreaterThan(3);
    await running[Symbol.asyncDispose]();
    const late = valueOf(running, 'ubmsc_push_dropped_samples_total{reason="late"}');
    expect(late).toBeGreaterThan(0);
    expect(dropped(running)).toBe(late);
    expect(valueOf(running, 'ubmsc_push_sent_samples_total') + late).toBe(2 * pages);
  },
);

test('a body that is too large is sent in parts', async () => {
  const size = 2000;
  const LINES = 400;
  // What a slow machine has not delivered when the pusher is closed would be lost: at some time nothing is added.
  const large = (): Buffer =>
    Buffer.from(
      Array.from({ length: pages < 2000 ? LINES : 0 }, (_, index) => `a{x="${index}"} ${++pages}\n`).join(''),
    );
  receiver.answer = ({ body }) => (body.length > size ? { status: 413 } : {});
  const running = await pusher({ page: large });
  await expect.poll(() => receiver.lines.length).toBe(2000);
  await running[Symbol.asyncDispose]();
  expect(receiver.lines.length).toBe(pages);
  expect(dropped(running)).toBe(0);
});

test('an uplink that carries 20 kB/s delivers what an outage left', async () => {
  const noise = (): Buffer => {
    pages++;
    // A machine that makes pages all the time would have none for the delivery.
    const lines = pages > 140 ? 0 : 900;
    return Buffer.from(
      Array.from({ length: lines }, (_, index) => `a{x="${index}"} ${Math.random()}\n`).join(''),
    );
  };
  receiver.answer = () => ({ status: 503 });
  const running = await pusher({ page: noise });
  await expect.poll(() => pages).toBeGreaterThan(130);
  let sent = 0;
  receiver.answer = async ({ size }) => {
    sent += size;
    await new Promise((resolve) => setTimeout(resolve, size / 20));
    return {};
  };
  const delivered = (): number => valueOf(running, 'ubmsc_push_sent_samples_total');
  await expect.poll(delivered).toBeGreaterThan(5000);
  expect(sent).toBeLessThan(500_000);
  receiver.answer = () => ({});
  await running[Symbol.asyncDispose]();
});

describe('a clock', () => {
  const setClock = (time: number): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: time });
  };

  test.each([
    ['in 1970', () => 1000],
    ['a year ahead', () => trueTime() + 365 * 86_400_000],
  ])('%s that is set later gives samples the times at which they were taken', async (_, wrong) => {
    setClock(wrong());
    const began = trueTime();
    const running = await pusher({ buffer: { folder } });
    await expect.poll(() => waiting(running)).toBeGreaterThan(20);
    const until = trueTime();
    const right = pages;
    vi.useRealTimers();
    await expect.poll(() => numbers().length).toBeGreaterThan(right);
    await running[Symbol.asyncDispose]();
    expectAll();
    const early = receiver.lines.filter((line) => Number(/^a (\d+)/.exec(line)?.[1]) <= right);
    const taken = early.map((line) => Number(line.split(' ').at(-1)));
    expect(Math.min(...taken)).toBeGreaterThan(began - 1000);
    expect(Math.max(...taken)).toBeLessThan(until + 1000);
  });
});

describe('one changed byte', () => {
  test('anywhere in a buffer loses one page at most, and nothing that is collected later', async () => {
    const files = new Map<string, Buffer>();
    receiver.answer = () => ({ status: 503 });
    const filling = await pusher({ buffer: { folder } });
    await expect.poll(() => waiting(filling)).toBeGreaterThan(20);
    await filling[Symbol.asyncDispose]();
    const collected = pages;
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      if ((await stat(file)).isFile()) files.set(name, await readFile(file));
    }
    const names = [...files.keys()];
    expect(names.length).toBeGreaterThan(0);
    const place = fc.record({
      file: fc.constantFrom(...names),
      at: fc.nat(),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(place, async ({ file, at, flip }) => {
        for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
        for (const [name, content] of files) {
          const bytes = Buffer.from(content);
          const index = at % Math.max(1, bytes.length);
          if (name === file && bytes.length > 0) bytes[index] = (bytes[index] ?? 0) ^ flip;
          await writeFile(join(folder, name), bytes);
        }
        receiver.taken.length = 0;
        pages = collected;
        for (let start = 0; start < 2; start++) {
          receiver.answer = () => (start === 0 ? { status: 503 } : {});
          const running = await pusher({ buffer: { folder } });
          const from = pages;
          await expect.poll(() => pages, { interval: 1 }).toBeGreaterThan(from + 3);
          await running[Symbol.asyncDispose]();
        }
        const delivered = new Set(numbers());
        expect(upTo(pages).filter((page) => !delivered.has(page)).length).toBeLessThanOrEqual(1);
        expect(upTo(pages).filter((page) => page > collected && !delivered.has(page))).toEqual([]);
      }),
      { numRuns: times(2, 15) },
    );
  });
});

const canMount = process.getuid?.() === 0 && process.platform === 'linux';

test.skipIf(!canMount)(
  `a full disk leaves no empty files and one line in the log${canMount ? '' : ' (skipped: only root can mount)'}`,
  async ({ skip }) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    skip(mounted.status !== 0, 'a file system cannot be mounted here');
    try {
      receiver.answer = () => ({ status: 503 });
      const noise = (): Buffer =>
        Buffer.from(
          `a ${++pages}\n${Array.from({ length: 200 }, (_, index) => `b{x="${index}"} ${Math.random()}\n`).join('')}`,
        );
      const running = await pusher({ page: noise, buffer: { folder } });
      await expect.poll(() => pages).toBeGreaterThan(60);
      const empty = async (): Promise<string[]> => {
        const names = await readdir(folder);
        const found = await Promise.all(
          names.map(async (name) => await stat(join(folder, name)).catch(() => undefined)),
        );
        return names.filter((_, index) => found[index]?.isFile() && found[index].size === 0);
      };
      await expect.poll(empty).toEqual([]);
      expect(log.mock.calls.filter(([level]) => level === 'error')).toHaveLength(1);
      receiver.answer = () => ({});
      await expect.poll(() => waiting(running)).toBeLessThan(1000);
      await running[Symbol.asyncDispose]();
      expectAll();
      expect(log.mock.calls.filter(([level]) => level === 'error')).toHaveLength(1);
    } finally {
      spawnSync('umount', [folder]);
    }
  },
);
