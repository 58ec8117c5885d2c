import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './command.ts';
import { startExporter, valueOn } from './exporter.ts';

const attacker = fileURLToPath(new URL('attacker.js', import.meta.url));

/** `secret`, at the cost that htpasswd is told to take in docs/exporter.md. */
const HASH = '$2b$10$qQXpPK9T8MFbw9/PGix5GOwoKecdxOuaQMZxTWMTNt2FZNrwdwlJe';

const SCRAPES = 30;

interface Scrape {
  readonly status: number | undefined;
  readonly page: string;
  /** In milliseconds. */
  readonly time: number;
}

/** A scrape as Prometheus makes one, on a connection of its own and with its password. */
async function scrape(url: string): Promise<Scrape> {
  const began = performance.now();
  return await new Promise((resolve, reject) => {
    get(url, { agent: false, auth: 'prometheus:secret' }, (response) => {
      let page = '';
      response.setEncoding('utf8').on('data', (text: string) => (page += text));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode, page, time: performance.now() - began }),
      );
    }).once('error', reject);
  });
}

const ways = [
  ['pipelining', '20 clients that send a thousand requests at once'],
  ['probes', '41 clients that have a battery read which is not there'],
  ['passwords', '45 clients that guess passwords without a pause'],
] as const;

test.each(ways)('%s: while %s attack, every scrape is answered and no battery is lost', async (way) => {
  await using folder = await temporaryFolder();
  const config = folder.file('web.yml');
  // Whoever has a password may ask for everything; these attack without one.
  const hasPassword = way === 'passwords';
  await writeFile(config, hasPassword ? `basic_auth_users: {prometheus: ${HASH}}\n` : '');
  await using exporter = await startExporter(
    'export',
    '--adapter=sim:3',
    '--on-demand=AWAY',
    `--web.config.file=${config}`,
    'UPS_BMS',
    'UPS_BMS_2',
    'UPS_BMS_3',
  );
  const live = /^ubmsc_device_up\{.*\} 1$/gm;
  await expect.poll(async () => (await scrape(exporter.url)).page.match(live)).toHaveLength(3);
  const before = await scrape(exporter.url);

  const attack = fork(attacker, [new URL(exporter.url).port, way]);
  await once(attack, 'message');
  const scrapes: Scrape[] = [];
  while (scrapes.length < SCRAPES)
    scrapes.push(await pause(100).then(async () => await scrape(exporter.url)));
  attack.disconnect();

  const took = scrapes.map(({ time }) => time).toSorted((a, b) => a - b);
  console.log(
    `${way}: ${SCRAPES} scrapes, median ${took[SCRAPES / 2]?.toFixed(0)} ms, longest ${took.at(-1)?.toFixed(0)} ms` +
      ` (alone ${before.time.toFixed(0)} ms)`,
  );
  expect(scrapes.map(({ status }) => status)).toEqual(scrapes.map(() => 200));
  const frames = (page: string): number => valueOn(page, 'ubmsc_device_frames_total{device="UPS_BMS"}') ?? 0;
  for (const { page } of scrapes) expect(page.match(live)).toHaveLength(3);
  const after = await scrape(exporter.url);
  expect(after.page.match(live)).toHaveLength(3);
  expect(valueOn(after.page, 'ubmsc_device_connects_total{device="UPS_BMS"}')).toBe(1);
  await expect
    .poll(async () => frames((await scrape(exporter.url)).page))
    .toBeGreaterThan(frames(before.page));
});
