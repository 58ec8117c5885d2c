import { createServer } from 'node:http';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator } from './command.ts';
import { runExample, type ExampleOptions } from './run-example.ts';

const folder = new URL('../../../examples/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));

let batteries: Awaited<ReturnType<typeof simulator>>;
beforeAll(async () => {
  batteries = await simulator('--batteries', '2');
});
afterAll(async () => await batteries[Symbol.asyncDispose]());

async function run(name: string, { env, ...options }: ExampleOptions = {}): Promise<string> {
  const code = readFileSync(new URL(name, folder), 'utf8');
  return await runExample(code, { ...options, env: { UBMSC_ADAPTER: batteries.adapter, ...env } });
}

describe('the example', () => {
  test('read-one-battery prints what a battery is and measures', async () => {
    expect(await run('read-one-battery.ts')).toMatch(
      /^JK_BD4A8S4P, software 15\.26\n\d+(\.\d+)? V, -?\d+(\.\d+)? A, \d+ %\n/,
    );
  });

  test('stream-readings prints readings until it is interrupted', async () => {
    const output = await run('stream-readings.ts', { until: /(.*\n){3}/ });
    expect(output).toMatch(/^(-?\d+(\.\d+)? A, cells (\d\.\d+ ){4}V.*\n){3}/);
  });

  test('simulate-in-tests needs no Bluetooth', async () => {
    expect(await run('simulate-in-tests.ts')).toMatch(/^2 batteries, 4 cells, 1\d\.\d+ V\n$/);
  });

  test('push-metrics pushes all batteries', async () => {
    const pages: string[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        pages.push(String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const url = `http://127.0.0.1:${port}/api/v1/import/prometheus`;
    const output = await run('push-metrics.ts', { env: { PUSH_URL: url } });
    server.close();
    expect(output).toBe(`2 batteries were pushed to ${url}\n`);
    expect(pages.join('')).toMatch(/jk_battery_voltage\{device="UPS_BMS_2"\} 1\d\.\d+/);
  });

  test('your-own-output keeps batteries connected', async () => {
    const output = await run('your-own-output.ts', { until: /UPS_BMS,[^]*UPS_BMS_2,/ });
    expect(output).toMatch(
      /^time,battery,volts,amperes\n(\d{4}-.*Z,UPS_BMS(_2)?,1\d(\.\d+)?,-?\d+(\.\d+)?\n)+/,
    );
  });

  test('each has a test above, and a line in the README of the folder', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');
    const tests = readFileSync(new URL(import.meta.url), 'utf8');
    expect(names).toHaveLength(5);
    for (const name of names) {
      expect(readme).toContain(`[${name}](${name})`);
      expect(tests).toContain(`run('${name}'`);
    }
  });
});
