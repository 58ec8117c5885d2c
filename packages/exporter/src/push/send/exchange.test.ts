import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { exchange } from './exchange.ts';

test('requests leave nothing behind on the connection that they share', async () => {
  const server = createServer(
    (request, response) => void request.resume().on('end', () => response.end('ok')),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const counts: number[] = [];
    for (let count = 0; count < 5; count++) {
      const options = { method: 'POST', agent, idle: 60_000, signal: AbortSignal.timeout(60_000) };
      const { body } = await exchange(new URL(`http://127.0.0.1:${port}/`), {
        ...options,
        body: Buffer.from('x'),
      });
      expect(body).toBe('ok');
      // The connection is free for the next request a moment after the answer.
      await expect.poll(() => Object.values(agent.freeSockets).flat()).toHaveLength(1);
      const [socket] = Object.values(agent.freeSockets).flat();
      counts.push(
        ['data', 'drain', 'connect'].reduce((sum, name) => sum + (socket?.listenerCount(name) ?? 0), 0),
      );
    }
    expect(new Set(counts).size).toBe(1);
  } finally {
    agent.destroy();
    server.close();
    await once(server, 'close');
  }
});
