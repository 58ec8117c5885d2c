import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { hasOpenssl, makeCertificate } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { temporaryFolder } from '../src/command.ts';
import { startMosquitto, type Mosquitto } from './mosquitto.ts';
import { publishing } from './mqtt-source.ts';
import { describeWith, freePort } from './process.ts';

const patience = { timeout: 40_000, interval: 200 };

const portOf = ({ broker }: Mosquitto): string => new URL(broker).port;

const handleProtocols = (protocols: Set<string>): string | false => protocols.has('mqtt') && 'mqtt';

/** Carries WebSockets to a broker. */
function carryTo(mosquitto: Mosquitto, server: WebSocketServer): WebSocketServer {
  return server.on('connection', (socket) => {
    const stream = createWebSocketStream(socket);
    const broker = connect(Number(portOf(mosquitto)), '127.0.0.1');
    stream.pipe(broker).pipe(stream);
    for (const each of [stream, broker]) each.on('error', () => {});
  });
}

describeWith(['mosquitto'], 'ways to a broker', () => {
  // Debian's mosquitto cannot listen for WebSockets, so that something in front of it does, as it often is.
  test('WebSockets, under the path of the URL', async () => {
    await using mosquitto = await startMosquitto();
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: await freePort(),
      path: '/mqtt',
      handleProtocols,
    });
    carryTo(mosquitto, server);
    {
      await using run = await publishing(`ws://127.0.0.1:${server.options.port}/mqtt`);
      await expect.poll(() => run.running.counters.connected, patience).toBe(true);
      await expect
        .poll(async () => (await mosquitto.kept()).get('ubmsc/host/one/status'), patience)
        .toBe('online');
    }
    server.close();
  });

  test.skipIf(!hasOpenssl)('WebSockets over TLS, with an authority of your own and not without', async () => {
    await using folder = await temporaryFolder();
    const { cert, key } = makeCertificate(folder.path, 'server');
    await using mosquitto = await startMosquitto();
    const tls = createServer({ cert: await readFile(cert), key: await readFile(key) });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const address = tls.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const sockets = carryTo(mosquitto, new WebSocketServer({ server: tls, path: '/mqtt', handleProtocols }));
    {
      const url = `wss://127.0.0.1:${port}/mqtt`;
      await using known = await publishing(url, { credentials: { caFile: cert } });
      await using unknown = await publishing(url);
      await expect.poll(() => known.running.counters.connected, patience).toBe(true);
      await expect.poll(() => unknown.running.counters.failures, patience).toBeGreaterThan(0);
      expect(unknown.running.counters.messages).toBe(0);
      await expect
        .poll(async () => (await mosquitto.kept()).get('ubmsc/host/one/status'), patience)
        .toBe('online');
    }
    sockets.close();
    tls.close();
  });

  test.skipIf(!hasOpenssl)('TLS with a certificate on both sides, and not without', async () => {
    await using folder = await temporaryFolder();
    const server = makeCertificate(folder.path, 'server');
    const client = makeCertificate(folder.path, 'client');
    await using mosquitto = await startMosquitto(
      `cafile ${client.cert}`,
      `certfile ${server.cert}`,
      `keyfile ${server.key}`,
      'require_certificate true',
    );
    const url = `mqtts://127.0.0.1:${portOf(mosquitto)}`;
    const own = { certFile: client.cert, keyFile: client.key };
    await using unknown = await publishing(url, { credentials: own });
    await using withoutOwn = await publishing(url, { credentials: { caFile: server.cert } });
    await using known = await publishing(url, { credentials: { ...own, caFile: server.cert } });
    await expect.poll(() => known.running.counters.connected, patience).toBe(true);
    await expect.poll(() => unknown.running.counters.failures, patience).toBeGreaterThan(1);
    await expect.poll(() => withoutOwn.running.counters.failures, patience).toBeGreaterThan(1);
    expect([unknown, withoutOwn].map(({ running }) => running.counters.messages)).toEqual([0, 0]);
    expect(unknown.running.counters.problem).toMatch(/^mqtts:.*certificate/);
    expect(known.running.counters.problem).toBeUndefined();
  });

  test.skipIf(!hasOpenssl)('a certificate that is replaced is used at the next connection', async () => {
    await using folder = await temporaryFolder();
    const server = makeCertificate(folder.path, 'server');
    const other = makeCertificate(folder.path, 'other');
    const caFile = folder.file('ca.pem');
    await writeFile(caFile, await readFile(other.cert));
    await using mosquitto = await startMosquitto(`certfile ${server.cert}`, `keyfile ${server.key}`);
    await using run = await publishing(`mqtts://127.0.0.1:${portOf(mosquitto)}`, { credentials: { caFile } });
    await expect.poll(() => run.running.counters.failures, patience).toBeGreaterThan(0);
    await writeFile(caFile, await readFile(server.cert));
    await expect.poll(() => run.running.counters.connected, patience).toBe(true);
  });
});
