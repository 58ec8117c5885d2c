// Makes the pictures of the page in docs/screenshots: `npm run pictures`. It shows the batteries of `ubmsc demo --web`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = new URL('../../../docs/screenshots/', import.meta.url);
const command = fileURLToPath(new URL('../../cli/bin/ubmsc.cjs', import.meta.url));

const pictures = [
  { name: 'web-phone-light', width: 390, height: 780, scale: 1.25, scheme: 'light', range: 'Day' },
  {
    name: 'web-phone-dark',
    width: 390,
    height: 780,
    scale: 1.25,
    scheme: 'dark',
    range: 'Week',
    at: '#history',
  },
  { name: 'web-desktop-light', width: 1000, height: 720, scale: 1, scheme: 'light', range: 'Week' },
  { name: 'web-desktop-dark', width: 1000, height: 720, scale: 1, scheme: 'dark', range: 'Day' },
];

const demo = spawn(process.execPath, [command, 'demo', '--web', '--url', 'http://127.0.0.1:0/metrics'], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
const ended = once(demo, 'close');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const address = await addressOf(createInterface({ input: demo.stderr }));
  for (const { name, width, height, scale, scheme, range, at = 'h1' } of pictures) {
    const page = await browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: scheme === 'dark' ? 'dark' : 'light',
      locale: 'en-GB',
    });
    await page.goto(`${address}#WEAK_CELL`);
    await page.getByRole('button', { name: range, exact: true }).click();
    await page.waitForSelector('.badge.live');
    await page.waitForSelector('svg.days');
    await page.waitForTimeout(1000);
    await page.locator(at).evaluate((element) => element.scrollIntoView());
    // Nothing is under the mouse.
    await page.mouse.move(0, 0);
    await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, folder)) });
    await page.close();
    console.log(name);
  }
} finally {
  await browser.close();
  demo.kill('SIGINT');
  await ended;
}

/** @param {import('node:readline').Interface} lines */
async function addressOf(lines) {
  for await (const line of lines) {
    const [, address] = /in the browser at (\S+),/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('the demo has ended');
}
