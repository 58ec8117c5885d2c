import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { UsageError } from '@ubmsc/base';

/** How long requests that are being answered may take when the server closes, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

/** What helps when it is not possible to listen, by the error of the system. */
const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'stop the program that has the port, or give another one with { url }',
  EACCES: 'ports below 1024 are for root: give another one with { url }',
};
const OTHER_HINT = 'give an address of this machine with { url }';

/** @throws {UsageError} it cannot listen there. */
export async function listen(server: Server | HttpsServer, url: URL): Promise<URL> {
  const isSecure = server instanceof HttpsServer;
  if (url.protocol === 'https:' && !isSecure) {
    throw new UsageError(`cannot listen on ${url.href}`, 'TLS needs a certificate: give { webConfigFile }');
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  server.listen({ host, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new UsageError(`cannot listen on ${url.host}: ${reason}`, hints[code] ?? OTHER_HINT, {
      cause: error,
    });
  }
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : url.port;
  return new URL(`${isSecure ? 'https' : 'http'}://${url.hostname}:${port}${url.pathname}`);
}

/** Waits for the requests that are being answered, but not for connections that are kept for the next one. */
export async function close(server: Server | HttpsServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT);
  await closed;
  clearTimeout(timer);
}
