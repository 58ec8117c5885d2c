import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { ubmsc } from './command.ts';

/** Where each kind of server takes metrics. */
export const IMPORT = '/api/v1/import/prometheus';
export const GROUP = '/metrics/job/ubmsc';

interface Pushed {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly text: string;
}

/** A server that takes whatever is pushed to it, with the status that a test wants. */
export async function receiver(): Promise<
  AsyncDisposable & { readonly url: string; readonly pushed: Pushed[]; status: number }
> {
  const pushed: Pushed[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks);
      const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
      // Who pushes asks with HEAD what time it is here.
      if (own.status < 300 && method !== 'HEAD')
        pushed.push({ method, url, authorization: headers.authorization, text });
      response.writeHead(own.status).end(own.status < 300 ? undefined : 'not now');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const own = {
    url: `http://127.0.0.1:${port}`,
    pushed,
    status: 204,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return own;
}

/** Pushes two batteries once with the command that is called so. */
export async function expectPushed(way: string): Promise<void> {
  await using server = await receiver();
  const { code, stderr } = await ubmsc(way, '--adapter', 'sim:2', '-u', `${server.url}${GROUP}`);
  expect([code, stderr]).toEqual([0, '']);
  expect(server.pushed).toHaveLength(1);
  expect(server.pushed[0]).toMatchObject({ method: 'PUT', url: GROUP, authorization: undefined });
  expect(server.pushed[0]?.text).toMatch(
    /^# TYPE cell_voltage gauge\n(cell_voltage\{device="UPS_BMS(_2)?",cell="\d"\} 3\.\d+\n){8}/m,
  );
  expect(server.pushed[0]?.text).toContain('battery_voltage{device="UPS_BMS_2"}');
}
