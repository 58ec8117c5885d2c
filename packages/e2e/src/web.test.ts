import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start, type Running } from './command.ts';

let state: string;
let command: Running;
let address: URL;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'ubmsc-web-'));
  command = start(['web', '--adapter', 'sim', '--state', state, '--url', 'http://127.0.0.1:0/metrics']);
  const announced = await command.told('in the browser at ');
  address = new URL(/in the browser at (\S+),/.exec(announced)?.[1] ?? '');
});

afterAll(async () => {
  command.process.kill();
  await command.ended;
  rmSync(state, { recursive: true, force: true });
});

/** The answer to a request, with these headers. */
async function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const request = get(new URL(path, address), { headers, agent: new Agent({ keepAlive: false }) });
  // A server that refuses early closes the connection while the request is still being written.
  request.on('error', () => {});
  const [response]: IncomingMessage[] = await once(request, 'response');
  response?.resume();
  if (!response) throw new Error('there is no answer');
  return response;
}

describe('the page refuses', () => {
  test.each(['/', '/api/now', '/api/live', '/api/history?battery=x&columns=remain_percent', '/app.js'])(
    '%s of a host whose name was rebound to this machine',
    async (path) => {
      expect((await ask(path, { host: 'evil.example' })).statusCode).toBe(421);
    },
  );

  test('to be read by pages of other origins, and to be written to', async () => {
    const { headers, statusCode } = await ask('/api/now', { origin: 'http://evil.example' });
    expect(statusCode).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await fetch(new URL('/api/now', address), { method })).status).toBe(405);
  });

  test('a query that is too long', async () => {
    const columns = Array.from({ length: 10_000 }, (_, index) => `cell_voltage_${index}`).join(',');
    expect((await ask(`/api/history?battery=x&columns=${columns}`)).statusCode).toBeGreaterThanOrEqual(400);
    expect((await ask('/api/history?battery=x&columns=remain_percent&points=8001')).statusCode).toBe(400);
  });
});
