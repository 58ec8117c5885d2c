// Networks as they are on a boat: far away, half there, or not there yet.
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startReceiver } from '../../../test/receiver.ts';
import { parsePushUrl } from '../endpoint/endpoint.ts';
import { Pusher } from '../pusher.ts';
import { Sender, type Sent } from './send.ts';

const IMPORT = '/api/v1/import/prometheus';
const { signal } = new AbortController();

/** Makes every name mean these addresses, until the test is over. */
function resolveTo(...addresses: readonly string[]): void {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const { lookup } = dns;
  const value = (_: string, __: unknown, callback: (error: null, found: typeof all) => void): void =>
    callback(null, all);
  Object.defineProperty(dns, 'lookup', { value, configurable: true, writable: true });
  onTestFinished(() => void Object.defineProperty(dns, 'lookup', { value: lookup }));
}

async function sendTo(url: string): Promise<Sent> {
  using sender = new Sender({ endpoint: parsePushUrl(url), version: '1.2.3' });
  return await sender.send(Buffer.from('a 1\n'), signal);
}

const hasIpv6 = ((): boolean => {
  try {
    return readFileSync('/proc/net/if_inet6', 'utf8').includes(' lo');
  } catch {
    return false;
  }
})();

/** Listens on ::1, takes no connection for a while, and then answers 204. */
const BUSY = `
  const http = require('node:http');
  const server = http.createServer((_, response) => response.writeHead(204).end());
  server.listen({ port: 0, host: '::1', backlog: 1 }, () => {
    process.stdout.write(server.address().port + '\\n');
    process.stdin.once('data', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500));
  });
`;

test.skipIf(!hasIpv6 || process.platform !== 'linux')(
  `a host of which one address does not answer, and the other takes a second to, is reached${hasIpv6 ? '' : ' (skipped: no IPv6 here)'}`,
  async () => {
    const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const port = Number(String((await once(child.stdout, 'data'))[0]));
    child.stdin.write('block\n');
    // Connections that nobody accepts fill the queue; the first packet of the next one is dropped, and sent again.
    for (let count = 0; count < 4; count++) {
      const socket = connect(port, '::1').on('error', () => {});
      onTestFinished(() => void socket.destroy());
    }
    resolveTo('::1', '127.0.0.1');
    const sent = await sendTo(`http://far.invalid:${port}${IMPORT}`);
    expect(sent).toMatchObject({ kind: 'accepted' });
    expect(sent.time).toBeGreaterThan(500);
  },
);

test.skipIf(!hasIpv6)(
  `a name that means ::1 as well is reached there${hasIpv6 ? '' : ' (skipped: no IPv6 here)'}`,
  async () => {
    const server = createServer((_, response) => response.writeHead(204).end()).listen(0, '::1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    resolveTo('127.0.0.1', '::1');
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await sendTo(`http://far.invalid:${port}${IMPORT}`)).toMatchObject({ kind: 'accepted' });
  },
);

test('a name that is known only minutes after the start does not end the attempts', async () => {
  await using receiver = await startReceiver();
  const port = new URL(receiver.url).port;
  let page = 0;
  const log = vi.fn();
  const pusher = await Pusher.open({
    endpoint: parsePushUrl(`http://far.invalid:${port}${IMPORT}`),
    version: '1.2.3',
    page: () => Buffer.from(`a ${++page}\n`),
    interval: 5,
    retry: { first: 1, longest: 10 },
    log,
  });
  await expect.poll(() => log.mock.calls.some(([level]) => level === 'warn')).toBe(true);
  expect(pusher.problem).toContain('samples wait for http://far.invalid');
  resolveTo('127.0.0.1');
  await expect.poll(() => receiver.lines.length).toBeGreaterThan(0);
  await pusher[Symbol.asyncDispose]();
  expect(receiver.lines.length).toBe(page);
  expect(pusher.problem).toBeUndefined();
});
