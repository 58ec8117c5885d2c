import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import { UsageError } from '@ubmsc/protocol';
import type { Log } from '../log.ts';
import { acceptsGzip } from './negotiate.ts';
import type { Answer, Request } from './routes.ts';

const gzip = promisify(gzipCallback);

export interface ServeOptions {
  /** Where to listen: scheme, host and port count. */
  readonly url: URL;
  readonly answer: (request: Request) => Promise<Answer>;
  readonly log: Log;
}

/** A server that listens, until it is disposed of. */
export interface Serving extends AsyncDisposable {
  /** With the port that it has, where port 0 was asked for. */
  readonly url: URL;
}

/** Most connections at once, and most requests that are answered at once: more are refused. */
const LIMITS = { connections: 512, requests: 40 };

/**
 * How long a client may take, in milliseconds: to send the head of a request, all of it, and to take in the answer.
 * An idle connection stays for longer than the usual minute between two scrapes.
 */
const TIMEOUTS = { head: 5000, request: 10_000, silence: 30_000, idle: 75_000 };

const LARGEST_HEAD = 8192;

/** Bodies up to this are not worth compressing. */
const SMALL_BODY = 1024;

/** How long requests that are being answered may take when the server closes, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

/**
 * Listens for HTTP.
 * @throws {UsageError} it cannot listen there.
 */
export async function serve({ url, answer, log }: ServeOptions): Promise<Serving> {
  const active = new Set<AbortController>();
  let closing = false;
  const server = createServer(
    {
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: TIMEOUTS.head,
      requestTimeout: TIMEOUTS.request,
      keepAliveTimeout: TIMEOUTS.idle,
      connectionsCheckingInterval: 1000,
    },
    (message, response) => {
      // A body is not read, so the connection cannot be used again behind it.
      if (closing || hasBody(message)) response.setHeader('Connection', 'close');
      const gone = new AbortController();
      active.add(gone);
      response.once('close', () => {
        active.delete(gone);
        gone.abort();
        if (closing) server.closeIdleConnections();
      });
      const answering = active.size > LIMITS.requests ? refuse() : respond(message, gone.signal);
      void answering.then((given) => send(message, response, given)).catch(() => response.destroy());
    },
  );
  const respond = async (message: IncomingMessage, signal: AbortSignal): Promise<Answer> => {
    try {
      const request = requestOf(message, signal);
      return request ? await answer(request) : { status: 400, body: 'Bad request.\n' };
    } catch (error) {
      log('error', `a request could not be answered: ${String(error)}`);
      return { status: 500, body: 'Internal error.\n' };
    }
  };
  server.maxConnections = LIMITS.connections;
  server.setTimeout(TIMEOUTS.silence);
  const listening = await listen(server, url);
  return {
    url: listening,
    async [Symbol.asyncDispose]() {
      closing = true;
      for (const gone of active) gone.abort();
      await close(server);
    },
  };
}

async function listen(server: Server, url: URL): Promise<URL> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  server.listen({ host, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `cannot listen on ${url.host}: ${reason}`,
      'stop the program that has the port, or give another one with --url',
      { cause: error },
    );
  }
  const listening = new URL(url);
  const address: AddressInfo | string | null = server.address();
  if (address !== null && typeof address === 'object') listening.port = String(address.port);
  return listening;
}

/** Waits for the requests that are being answered, but not for connections that are kept for the next one. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT);
  await closed;
  clearTimeout(timer);
}

async function refuse(): Promise<Answer> {
  return { status: 503, headers: { 'Retry-After': '1' }, body: 'Too many requests at once.\n' };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Undefined when its target is none that a server has (RFC 9112, section 3.2). */
function requestOf(
  { method = '', url = '', headers }: IncomingMessage,
  signal: AbortSignal,
): Request | undefined {
  const target = url.startsWith('/') ? `http://localhost${url}` : url;
  if (!/^https?:\/\//.test(target) || !URL.canParse(target)) return undefined;
  const { pathname: path, searchParams: query } = new URL(target);
  return { method, path, query, headers, signal };
}

async function send(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  { status, body, headers: own }: Answer,
): Promise<void> {
  const text = Buffer.from(body);
  const isSmall = text.length <= SMALL_BODY;
  const compressed = !isSmall && acceptsGzip(headers['accept-encoding']?.toString());
  const bytes = compressed ? await gzip(text, { level: 1 }) : text;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...own,
    ...(compressed && { 'Content-Encoding': 'gzip' }),
    'Content-Length': bytes.length,
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}
