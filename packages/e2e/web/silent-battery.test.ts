import { expect, test } from 'vitest';
import { simulator, start } from '../src/command.ts';
import { openBrowser, withoutBrowser } from './browser.ts';

/** The least stale time of a battery, in milliseconds. */
const STALE_AFTER = 10_000;

/** A page looks each second, and a busy machine may be late. */
const LATE = 5000;

test.skipIf(withoutBrowser)(
  'a battery that is gone is STALE in its stale time, and the page is live',
  async () => {
    await using battery = await simulator();
    const web = ['web', '--adapter', battery.adapter, '--disable-history'];
    const command = start([...web, '--url', 'http://127.0.0.1:0/metrics']);
    const browser = await openBrowser();
    try {
      const announced = await command.told('in the browser at ');
      const page = await browser.newPage();
      await page.goto(/in the browser at (\S+),/.exec(announced)?.[1] ?? '');
      await page.waitForSelector('.badge.live');
      const begin = Date.now();
      battery.running.process.kill('SIGKILL');
      await page.waitForSelector('.badge.stale');
      expect(Date.now() - begin).toBeLessThan(STALE_AFTER + LATE);
      expect(await page.textContent('.badge.stale')).toMatch(/^STALE \d+ s$/);
      expect(await page.$('.badge.live')).toBeNull();
      expect(await page.getByText('not connected to ubmsc').count()).toBe(0);
    } finally {
      await browser.close();
      command.process.kill();
      await command.ended;
    }
  },
);
