import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { UsageError } from '@ubmsc/base';
import type { Log } from '../log.ts';
import { BasicAuth } from '../web-config/basic-auth.ts';
import type { WebConfigFile } from '../web-config/web-config-file.ts';
import { limitConnections } from './connections.ts';
import { acceptsGzip } from './negotiate.ts';
import type { Answer, Request } from './request.ts';

export interface ServeOptions {
  /** Where to listen: host and port count, and the scheme when it is that of TLS. */
  readonly url: URL;
  readonly answer: (request: Request) => Promise<Answer>;
  readonly log: Log;
  /** TLS, users and headers; none when left out. */
  readonly webConfig?: WebConfigFile | undefined;
}

/** A server that listens, until it is disposed of. */
export interface Serving extends AsyncDisposable {
  /** With the scheme and the port that it has, where port 0 was asked for. */
  readonly url: URL;
}

/** Most connections at once, and most requests that are answered at once. */
const LIMITS = { connections: 512, requests: 40 };

/**
 * How long a client may take, in milliseconds: to agree on TLS, to send the head of a request, all of it, and to take
 * in the answer, for which a probe may let it wait. An idle connection stays for longer than the usual minute between
 * two scrapes.
 */
const TIMEOUTS = { handshake: 5000, head: 5000, request: 10_000, silence: 65_000, idle: 75_000 };

const LARGEST_HEAD = 8192;

/** Bodies up to this are not worth compressing. */
const SMALL_BODY = 1024;

/** How long requests that are being answered may take when the server closes, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

/**
 * Listens for HTTP.
 * @throws {UsageError} it cannot listen there.
 */
export async function serve({ url, answer, log, webConfig }: ServeOptions): Promise<Serving> {
  const auth = new BasicAuth();
  const active = new Map<ServerResponse, AbortController>();
  const streaming = new Map<ServerResponse, AbortController>();
  let closing = false;
  const respond = async (message: IncomingMessage, signal: AbortSignal): Promise<Answer> => {
    try {
      const users = webConfig?.current.users;
      if (users && users.size > 0 && !(await auth.admits(users, message.headers.authorization))) {
        return {
          status: 401,
          headers: { 'WWW-Authenticate': 'Basic realm="ubmsc", charset="UTF-8"' },
          body: 'User and password are asked for.\n',
        };
      }
      const request = requestOf(message, signal);
      return request ? await answer(request) : { status: 400, body: 'Bad request.\n' };
    } catch (error) {
      log('error', `a request could not be answered: ${String(error)}`);
      return { status: 500, body: 'Internal error.\n' };
    }
  };
  const onRequest: RequestListener = (message, response) => {
    for (const [name, value] of Object.entries(webConfig?.current.headers ?? {})) {
      response.setHeader(name, value);
    }
    // A body is not read, so the connection cannot be used again.
    if (closing || hasBody(message)) response.setHeader('Connection', 'close');
    const gone = new AbortController();
    active.set(response, gone);
    response.once('close', () => {
      active.delete(response);
      streaming.delete(response);
      gone.abort();
      if (closing) server.closeIdleConnections();
    });
    const answering =
      active.size > LIMITS.requests && !giveUpOne(active)
        ? Promise.resolve(refusal)
        : respond(message, gone.signal);
    finish(answering).catch(() => response.destroy());

    async function finish(given: Promise<Answer>): Promise<void> {
      const { body, ...head } = await given;
      if (typeof body === 'string' || Buffer.isBuffer(body)) {
        send(message, response, { ...head, body });
        return;
      }
      // It lasts as long as its client stays, and has limits of its own.
      streaming.set(response, gone);
      active.delete(response);
      await stream(message, response, { ...head, body });
    }
  };
  const server = createServer(onRequest, webConfig);
  limitConnections(server, LIMITS.connections, log);
  const listening = await listen(server, url);
  return {
    url: listening,
    async [Symbol.asyncDispose]() {
      closing = true;
      for (const gone of [...active.values(), ...streaming.values()]) gone.abort();
      await close(server);
    },
  };
}

/** Gives up the oldest answer that its client does not take in. Returns whether there was one. */
function giveUpOne(active: Map<ServerResponse, AbortController>): boolean {
  for (const response of active.keys()) {
    if (!response.writableEnded) continue;
    active.delete(response);
    response.destroy();
    return true;
  }
  return false;
}

const refusal: Answer = {
  status: 503,
  headers: { 'Retry-After': '1' },
  body: 'Too many requests at once.\n',
};

function createServer(
  onRequest: RequestListener,
  webConfig: WebConfigFile | undefined,
): Server | HttpsServer {
  const limits = {
    maxHeaderSize: LARGEST_HEAD,
    headersTimeout: TIMEOUTS.head,
    requestTimeout: TIMEOUTS.request,
    keepAliveTimeout: TIMEOUTS.idle,
    connectionsCheckingInterval: 1000,
  };
  const tls = webConfig?.current.tls;
  const server = tls
    ? createHttpsServer(
        {
          ...limits,
          ...tls.context,
          handshakeTimeout: TIMEOUTS.handshake,
          requestCert: tls.clientCertificate,
          rejectUnauthorized: tls.clientCertificate,
        },
        onRequest,
      )
    : createHttpServer(limits, onRequest);
  webConfig?.onChange(() => {
    const { tls: changed } = webConfig.current;
    if (server instanceof HttpsServer && changed) server.setSecureContext(changed.context);
  });
  server.setTimeout(TIMEOUTS.silence);
  return server;
}

/** What helps when it is not possible to listen, by the error of the system. */
const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'stop the program that has the port, or give another one with --url',
  EACCES: 'ports below 1024 are for root: give another one with --url',
};
const OTHER_HINT = 'give an address of this machine with --url';

async function listen(server: Server | HttpsServer, url: URL): Promise<URL> {
  const isSecure = server instanceof HttpsServer;
  if (url.protocol === 'https:' && !isSecure) {
    throw new UsageError(`cannot listen on ${url.href}`, 'TLS needs a certificate: give --web.config.file');
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
async function close(server: Server | HttpsServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT);
  await closed;
  clearTimeout(timer);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Undefined when its target is not one that a server has (RFC 9112, section 3.2). */
function requestOf(
  { method = '', url = '', headers }: IncomingMessage,
  signal: AbortSignal,
): Request | undefined {
  const target = url.startsWith('/') ? `http://localhost${url}` : url;
  if (!/^https?:\/\//.test(target) || !URL.canParse(target)) return undefined;
  const { pathname: path, searchParams: query } = new URL(target);
  return { method, path, query, headers, signal };
}

/** Sends pieces as they come; the next one is waited for when the client has taken the one before. */
async function stream(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: Answer & { readonly body: AsyncIterable<string> },
): Promise<void> {
  // Pieces may be minutes apart; a client that takes in nothing holds up the writing, not the memory.
  response.socket?.setTimeout(0);
  response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(body), response);
}

function send(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  { status, body, headers: own }: Answer & { readonly body: string | Buffer },
): void {
  const text = typeof body === 'string' ? Buffer.from(body) : body;
  const compressed = text.length > SMALL_BODY && acceptsGzip(headers['accept-encoding']?.toString());
  // A megabyte takes about a millisecond, which is less than to wait for a thread that does it.
  const bytes = compressed ? gzipSync(text, { level: 1 }) : text;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...own,
    ...(compressed && { 'Content-Encoding': 'gzip' }),
    'Content-Length': bytes.length,
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}
