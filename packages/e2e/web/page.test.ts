import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start, type Running } from '../src/command.ts';
import { openBrowser, seriousFaults, withoutBrowser } from './browser.ts';

interface Told {
  readonly batteries: readonly {
    readonly device: string;
    readonly values: Readonly<Record<string, unknown>>;
  }[];
}

describe.skipIf(withoutBrowser)(`the page in a browser (${withoutBrowser ?? 'chromium'})`, () => {
  let state: string;
  let command: Running;
  let address: string;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const foreign: string[] = [];

  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'ubmsc-page-'));
    command = start(['web', '--adapter', 'sim:3', '--state', state, '--url', 'http://127.0.0.1:0/metrics']);
    const announced = await command.told('in the browser at ');
    address = /in the browser at (\S+),/.exec(announced)?.[1] ?? '';
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(address)) foreign.push(request.url());
    });
    await page.goto(address);
    await page.waitForSelector('.badge.live');
  });

  afterAll(async () => {
    await browser.close();
    command.process.kill();
    await command.ended;
    rmSync(state, { recursive: true, force: true });
  });

  test('shows what the simulated batteries say, to the digit', async () => {
    await page.getByText('All values').click();
    // Page and program are asked one after the other, so that a value that moved in between is asked for again.
    await expect
      .poll(async () => {
        const before = await now(address);
        const shown = await page.$$eval('[data-key]', (elements) =>
          elements.map((element) => [element.getAttribute('data-key') ?? '', element.textContent ?? '']),
        );
        const values = before.batteries[0]?.values ?? {};
        const checked = ['battery_voltage', 'battery_current', 'remain_percent', 'up_time', 'cycle_count'];
        return checked.filter(
          (key) =>
            shown
              .find(([name]) => name === key)?.[1]
              ?.replace('−', '-')
              .split(' ')[0] !== String(values[key]),
        );
      })
      .toEqual([]);
  });

  test('says that its batteries are simulated', async () => {
    expect(await page.textContent('.badge.simulated')).toBe('SIMULATED');
  });

  test('shows each battery, and a link leads to it', async () => {
    const names = (await now(address)).batteries.map(({ device }) => device);
    expect(names).toHaveLength(3);
    await page.goto(`${address}#${encodeURIComponent(names[1] ?? '')}`);
    await expect.poll(async () => await page.textContent('h1')).toBe(names[1]);
  });

  test('is without serious faults of accessibility, in the light and in the dark', async () => {
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('reports no error and asks no other host', () => {
    expect(problems).toEqual([]);
    expect(foreign).toEqual([]);
  });

  test('shows STALE by its own timer when the program is gone', async () => {
    command.process.kill('SIGKILL');
    await page.waitForSelector('.badge.stale', { timeout: 30_000 });
    expect(await page.textContent('.badge.stale')).toMatch(/^STALE \d+ s$/);
    expect(await page.$('.badge.live')).toBeNull();
    expect(await page.textContent('.message')).toContain('not connected');
  });
});

async function now(address: string): Promise<Told> {
  const response = await fetch(`${address}api/now`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the command answers is the subject of the tests
  return (await response.json()) as Told;
}
