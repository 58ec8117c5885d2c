import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { times } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { startExporter, valueOn } from './exporter.ts';

const hostileClient = fileURLToPath(new URL('hostile-client.js', import.meta.url));

const PROCESSES = 4;

const CONNECTIONS = times(300, 10_000);

/** How many connections a process may hold on this machine, but no more than are wanted. */
async function atMost(wanted: number): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, hard] = /^Max open files +\d+ +(\d+)/m.exec(limits) ?? [];
  return Math.min(wanted, Number(hard ?? 1024) - 100);
}

/** Status of the answer on a connection of its own: one that is kept could be closed as the oldest. */
async function statusOf(url: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
}

test(`${CONNECTIONS} connections of hostile clients do not keep a scrape from its answer, and no link is lost`, async () => {
  await using exporter = await startExporter('export', '--adapter', 'sim:3');
  const { port } = new URL(exporter.url);
  const live = /^ubmsc_device_up\{.*\} 1$/gm;
  await expect.poll(async () => (await exporter.page()).match(live)).toHaveLength(3);

  const count = await atMost(CONNECTIONS / PROCESSES);
  const clients = Array.from({ length: PROCESSES }, () => fork(hostileClient, [port, String(count)]));
  const attack = Promise.all(clients.map(async (client) => await once(client, 'message')));
  // One after the other while the others keep coming, and once when all have come.
  const over = attack.then(() => true);
  let isOver = false;
  do {
    isOver = await Promise.race([over, pause(100, false)]);
    expect(await statusOf(exporter.url)).toBe(200);
  } while (!isOver);

  const page = await exporter.page();
  expect(valueOn(page, 'process_open_fds')).toBeLessThan(600);
  for (const client of clients) client.disconnect();
  expect(page.match(live)).toHaveLength(3);
  for (const name of ['UPS_BMS', 'UPS_BMS_2', 'UPS_BMS_3']) {
    expect(valueOn(page, `ubmsc_device_connects_total{device="${name}"}`)).toBe(1);
  }
  exporter.running.process.kill('SIGTERM');
  expect((await exporter.running.ended).code).toBe(0);
});
