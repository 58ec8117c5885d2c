import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request as send, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start, type Running } from '../src/command.ts';
import { openBrowser, seriousFaults, withoutBrowser } from './browser.ts';

const DAY = 86_400_000;

describe.skipIf(withoutBrowser)(`ubmsc demo --web in a browser (${withoutBrowser ?? 'chromium'})`, () => {
  let folder: string;
  let command: Running;
  let address: string;
  let browser: Browser;
  let page: Page;
  let proxy: Server;
  let below: string;
  const problems: string[] = [];
  const asked: URL[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ubmsc-demo-test-'));
    [proxy, below] = await serve((url) =>
      url.startsWith('/battery/') ? url.slice('/battery'.length) : undefined,
    );
    const frame = new URL(below).origin;
    command = start(['demo', '--web', '--url', 'http://127.0.0.1:0/metrics', '--web-frame', frame], {
      TMPDIR: folder,
    });
    address = /in the browser at (\S+),/.exec(await command.told('in the browser at '))?.[1] ?? '';
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => asked.push(new URL(request.url())));
    await page.goto(`${address}#WEAK_CELL`);
    await page.waitForSelector('.badge.live');
    await page.waitForSelector('.u-over');
  });

  afterAll(async () => {
    await browser.close();
    proxy.close();
    command.process.kill();
    await command.ended;
    await rm(folder, { recursive: true, force: true });
  });

  /** A server that shows the page below a path, and a page with it in a frame at any other path. */
  async function serve(inner: (url: string) => string | undefined): Promise<[Server, string]> {
    const server = createServer((request, response) => {
      const path = inner(request.url ?? '/');
      if (path === undefined) {
        const source = new URL(request.url ?? '/', 'http://x').searchParams.get('page') ?? '';
        response.setHeader('content-type', 'text/html');
        response.end(`<iframe src="${source}" width="600" height="600"></iframe>`);
        return;
      }
      const upstream = send(
        new URL(path, address),
        { headers: { host: new URL(address).host } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      upstream.on('error', () => response.destroy());
      response.on('close', () => upstream.destroy());
      upstream.end();
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const own = server.address();
    return [server, `http://localhost:${typeof own === 'object' ? own?.port : ''}/battery/`];
  }

  /** The rows that a range of the page asks for, and how long the page and the server need for it. */
  async function rowsAfter(action: () => Promise<void>): Promise<{
    readonly url: URL;
    readonly times: readonly number[];
  }> {
    const answer = page.waitForResponse((response) => {
      const { pathname, searchParams } = new URL(response.url());
      return pathname === '/api/history' && searchParams.has('points');
    });
    await action();
    const response = await answer;
    return { url: new URL(response.url()), ...(await response.json()) };
  }

  const width = async (): Promise<number> =>
    (await page.locator('.u-over').first().boundingBox())?.width ?? 0;
  const spanOf = (url: URL): number =>
    Number(url.searchParams.get('to')) - Number(url.searchParams.get('from'));

  test('has three batteries, each with a month of history that is marked as simulated', async () => {
    expect(await page.getByRole('navigation').getByRole('link').count()).toBe(3);
    expect(await page.textContent('.badge.simulated')).toBe('SIMULATED');
    const { times } = await rowsAfter(async () => await page.getByRole('button', { name: 'Month' }).click());
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(29 * DAY);
    const [state = ''] = readdirSync(folder);
    const kept = readdirSync(join(folder, state, 'history')).filter((name) => name.includes('C8-47'));
    expect(kept).toHaveLength(3);
    expect(kept.every((name) => name.startsWith('simulated-'))).toBe(true);
  });

  test.each(['Hour', 'Day', 'Week', 'Month', 'Year'])(
    '%s: at most two points for each pixel',
    async (name) => {
      await page.getByRole('button', { name: name === 'Hour' ? 'Day' : 'Hour' }).click();
      const { times } = await rowsAfter(async () => await page.getByRole('button', { name }).click());
      expect(times.length).toBeGreaterThan(0);
      // Each row has a least and a largest value.
      expect(2 * times.length).toBeLessThanOrEqual(2 * (await width()));
      expect(await page.getByRole('button', { name }).getAttribute('aria-pressed')).toBe('true');
    },
  );

  test('energy is shown for each day, and the events of the time', async () => {
    await rowsAfter(async () => await page.getByRole('button', { name: 'Week' }).click());
    await expect.poll(async () => await page.locator('svg.days g').count()).toBe(7);
    expect(await page.locator('svg.days').getAttribute('aria-label')).toMatch(/[1-9]\d*\.\d kWh in, [1-9]/);
    await rowsAfter(async () => await page.getByRole('button', { name: 'Month' }).click());
    await expect.poll(async () => await page.locator('svg.days g').count()).toBeGreaterThan(28);
    await expect.poll(async () => await page.getByText(/^Events \([1-9]/).count()).toBe(1);
  });

  test('a mouse selects a time, keys zoom and move, and a button leads back', async () => {
    await rowsAfter(async () => await page.getByRole('button', { name: 'Week' }).click());
    const box = await page.locator('.u-over').first().boundingBox();
    if (!box) throw new Error('there is no graph');
    const { url: selected } = await rowsAfter(async () => {
      await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
      await page.mouse.up();
    });
    expect(spanOf(selected)).toBeGreaterThan(1.6 * DAY);
    expect(spanOf(selected)).toBeLessThan(1.9 * DAY);
    await page.locator('.plot').first().focus();
    const { url: closer } = await rowsAfter(async () => await page.keyboard.press('+'));
    expect(spanOf(closer) / spanOf(selected)).toBeCloseTo(0.5, 2);
    const { url: earlier } = await rowsAfter(async () => await page.keyboard.press('ArrowLeft'));
    expect(spanOf(earlier) / spanOf(closer)).toBeCloseTo(1, 3);
    expect(Number(earlier.searchParams.get('to'))).toBeLessThan(Number(closer.searchParams.get('to')));
    const { url: day } = await rowsAfter(async () => await page.getByRole('button', { name: 'Day' }).click());
    expect(spanOf(day)).toBeCloseTo(DAY, -2);
  });

  test('two fingers zoom, and one moves', async () => {
    const phone = await browser.newPage({ hasTouch: true, viewport: { width: 390, height: 844 } });
    await phone.goto(`${address}#WEAK_CELL`);
    await phone.waitForSelector('.u-over');
    const session = await phone.context().newCDPSession(phone);
    await phone.locator('.plot').first().scrollIntoViewIfNeeded();
    const box = await phone.locator('.u-over').first().boundingBox();
    if (!box) throw new Error('there is no graph');
    const touch = async (
      type: 'touchStart' | 'touchMove' | 'touchEnd',
      parts: readonly number[],
    ): Promise<void> => {
      const touchPoints = parts.map((part, id) => ({ x: box.x + part * box.width, y: box.y + 60, id }));
      await session.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    const spanAfter = async (moves: readonly (readonly number[])[]): Promise<URL> => {
      const answer = phone.waitForRequest((request) => request.url().includes('points='));
      await touch('touchStart', moves[0] ?? []);
      for (const parts of moves.slice(1)) await touch('touchMove', parts);
      await touch('touchEnd', []);
      return new URL((await answer).url());
    };
    const pinched = await spanAfter([
      [0.45, 0.55],
      [0.35, 0.65],
      [0.25, 0.75],
    ]);
    expect(spanOf(pinched)).toBeLessThan(0.5 * DAY);
    const moved = await spanAfter([[0.3], [0.5], [0.7]]);
    expect(Number(moved.searchParams.get('to'))).toBeLessThan(Number(pinched.searchParams.get('to')));
    await phone.close();
  });

  test('CSV is that of the time that is shown', async () => {
    await page.getByRole('button', { name: 'Day' }).click();
    const href = (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '';
    const lines = (await (await fetch(new URL(href, address))).text()).trim().split('\r\n');
    expect(lines[0]).toContain('time,');
    expect(lines[0]).toContain('battery_power,battery_power_min,battery_power_max');
    expect(
      Date.parse(lines.at(-1)?.split(',')[0] ?? '') - Date.parse(lines[1]?.split(',')[0] ?? ''),
    ).toBeLessThanOrEqual(DAY);
  });

  test('is without serious faults of accessibility, with graphs, bars and lists', async () => {
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('can be installed', async () => {
    const session = await page.context().newCDPSession(page);
    const { errors } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A browser without windows has nothing to install it into.
    expect(installabilityErrors.filter(({ errorId }) => !/in-incognito|platform/.test(errorId))).toEqual([]);
  });

  test('works below a path of a proxy, and in a frame of the origin that the options name', async () => {
    const framed = await browser.newPage();
    const refused: string[] = [];
    framed.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await framed.goto(below);
    await framed.waitForSelector('.badge.live');
    await framed.waitForSelector('.u-over');
    await framed.goto(`${new URL(below).origin}/?page=${encodeURIComponent(address)}`);
    await framed.frameLocator('iframe').locator('.badge.live').waitFor();
    expect(refused).toEqual([]);
    const [other, otherBelow] = await serve(() => undefined);
    await framed.goto(`${new URL(otherBelow).origin}/?page=${encodeURIComponent(address)}`);
    await expect.poll(() => refused.join()).toContain('frame-ancestors');
    expect(await framed.frameLocator('iframe').locator('.badge').count()).toBe(0);
    other.close();
    await framed.close();
  });

  test('a phone that wakes up shows STALE at once, and is live again by itself', async () => {
    const context = await browser.newContext();
    const phone = await context.newPage();
    await phone.clock.install();
    await phone.goto(`${address}#CHARGING`);
    await phone.waitForSelector('.badge.live');
    await context.setOffline(true);
    await phone.clock.fastForward('10:00');
    await phone.waitForSelector('.badge.stale');
    expect(await phone.textContent('.badge.stale')).toMatch(/^STALE \d+ (s|min)$/);
    expect(await phone.$('.badge.live')).toBeNull();
    await context.setOffline(false);
    await phone.clock.fastForward('00:15');
    await phone.waitForSelector('.badge.live');
    await context.close();
  });

  test('needs at most 60 kB compressed', async () => {
    const files = readdirSync(new URL('../../web/dist/page/', import.meta.url));
    const sizes = files.map(
      (name) => gzipSync(readFileSync(new URL(`../../web/dist/page/${name}`, import.meta.url))).length,
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60_000);
  });

  test('reports no error and asks no other host', () => {
    expect(problems).toEqual([]);
    expect([...new Set(asked.map(({ origin }) => origin))]).toEqual([new URL(address).origin]);
  });

  test('leaves nothing when it ends', async () => {
    command.process.kill('SIGINT');
    expect((await command.ended).stderr).not.toContain('ERROR');
    expect(readdirSync(folder)).toEqual([]);
  });
});
