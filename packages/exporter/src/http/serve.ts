import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../log.ts';
import { BasicAuth } from '../web-config/basic-auth.ts';
import type { WebConfigFile } from '../web-config/web-config-file.ts';
import { limitConnections } from './connections.ts';
import { close, listen } from './listen.ts';
import { busy, hasBody, requestOf, type Answer, type Request } from './request.ts';
import { HEALTHY } from './routes.ts';
import { RateLimit } from './rate-limit.ts';
import { send, stream } from './send.ts';
import { SlowAnswers } from './slow-answers.ts';
import { Turns } from './turns.ts';

/** Where a server listens, and what it answers. */
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

const MOST_CONNECTIONS = 512;

/**
 * How long a client may take, in milliseconds: to agree on TLS, to send the head of a request, all of it, and to take
 * in the answer, for which a probe may let it wait. An idle connection stays for longer than the usual minute between
 * two scrapes.
 */
const TIMEOUTS = { handshake: 5000, head: 5000, request: 10_000, silence: 65_000, idle: 75_000 };

const LARGEST_HEAD = 8192;

const passwordAnswer: Answer = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Basic realm="ubmsc", charset="UTF-8"' },
  body: 'User and password are asked for.\n',
};

const tooMany: Answer = { status: 429, headers: { 'Retry-After': '1' }, body: 'Too many requests.\n' };

/**
 * Listens for HTTP. No client, however many requests it makes, keeps others from being answered: see decision 21.
 * @throws {UsageError} it cannot listen there.
 */
export async function serve({ url, answer, log, webConfig }: ServeOptions): Promise<Serving> {
  const auth = new BasicAuth();
  const active = new Map<ServerResponse, AbortController>();
  const turns = new Turns();
  const slow = new SlowAnswers();
  const rate = new RateLimit();
  let closing = false;
  const respond = async (message: IncomingMessage, signal: AbortSignal): Promise<Answer> => {
    try {
      const request = requestOf(message, signal);
      if (!request) return { status: 400, body: 'Bad request.\n' };
      const isHealth = request.path === HEALTHY && url.pathname !== HEALTHY;
      if (!isHealth && !rate.admits(webConfig?.current.rateLimit)) return tooMany;
      const users = webConfig?.current.users;
      // Whether the program lives is not a secret, and who asks has no password: a container, a supervisor.
      if (users?.size && !isHealth) {
        const address = message.socket.remoteAddress ?? '';
        const admitted = await auth.admits(users, message.headers.authorization, { address, signal });
        if (!admitted) return admitted === false ? passwordAnswer : busy;
      }
      return await answer(request);
    } catch (error) {
      log('error', `a request could not be answered: ${String(error)}`);
      return { status: 500, body: 'Internal error.\n' };
    }
  };
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    active.set(response, gone);
    response.once('close', () => {
      active.delete(response);
      gone.abort();
      if (closing) server.closeIdleConnections();
    });
    const { body, ...head } = await respond(message, gone.signal);
    for (const [name, value] of Object.entries(webConfig?.current.headers ?? {})) {
      response.setHeader(name, value);
    }
    if (closing || hasBody(message)) response.setHeader('Connection', 'close');
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      send(message, response, { ...head, body });
      slow.add(response);
    } else await stream(message, response, { ...head, body });
  };
  const onRequest: RequestListener = (message, response) => {
    turns.take(message.socket, response, () => {
      handle(message, response).catch(() => response.destroy());
    });
  };
  const server = createServer(onRequest, webConfig);
  limitConnections(server, { most: MOST_CONNECTIONS, isBusy: (socket) => turns.isBusy(socket), log });
  const listening = await listen(server, url);
  return {
    url: listening,
    async [Symbol.asyncDispose]() {
      closing = true;
      for (const gone of active.values()) gone.abort();
      await close(server);
    },
  };
}

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
          requestCert: tls.asksForCertificate,
          rejectUnauthorized: tls.clientCertificate,
        },
        onRequest,
      )
    : createHttpServer(limits, onRequest);
  webConfig?.onChange(() => {
    const { tls: changed } = webConfig.current;
    if (server instanceof HttpsServer && changed) server.setSecureContext(changed.context);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    if (webConfig?.current.tls?.admits(socket) === false) socket.destroy();
  });
  server.setTimeout(TIMEOUTS.silence);
  return server;
}
