import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { Answer } from '../endpoint/kinds.ts';

export interface ExchangeOptions
  extends RequestOptions, Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout'> {
  readonly body: Buffer;
  /** How long nothing may happen, in milliseconds. */
  readonly idle: number;
  readonly signal: AbortSignal;
}

/** Longest part of an answer that is read, in bytes: it only says what was wrong. */
const LONGEST_ANSWER = 65_536;

/**
 * The slowest uplink that is waited for, in bytes per second: what was sent waits in buffers of the system, where
 * nobody sees how it gets on.
 */
const SLOWEST = 2000;

/** No byte came or went for too long. */
export class IdleError extends Error {}

/**
 * One request and its answer. Redirects are not followed: the target would get a GET. Its time is not limited
 * as long as it gets on.
 * @throws {IdleError} nothing has happened for `idle`, and the time that the body takes on a slow uplink.
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Answer> {
  const { body, idle, signal, ...requestOptions } = options;
  const ended = new AbortController();
  const limit = idle + (body.length / SLOWEST) * 1000;
  const timer = setTimeout(() => {
    ended.abort(new IdleError(`nothing has happened for ${Math.round(limit / 100) / 10} s`));
  }, limit);
  const onAbort = (): void => ended.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let letGo = (): void => {};
  try {
    const { request } = url.protocol === 'https:' ? https : http;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, { ...requestOptions, signal: ended.signal }, resolve);
      // The listener stays: an error may come after the answer, and must not end the program.
      sent.on('error', reject);
      letGo = refreshAt(sent, timer);
      sent.end(body);
    });
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await beginning(response, timer),
    };
  } catch (error) {
    throw ended.signal.aborted && !signal.aborted ? ended.signal.reason : error;
  } finally {
    clearTimeout(timer);
    letGo();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Steps of a connection, by the events of its socket. */
const STEPS = ['lookup', 'connect', 'secureConnect', 'data', 'drain'];

/**
 * Each step of a connection starts the time again. Returns what takes the listeners off the connection, which goes on to
 * serve other requests.
 */
function refreshAt(request: ClientRequest, timer: NodeJS.Timeout): () => void {
  const refresh = (): void => void timer.refresh();
  let connection: Socket | undefined;
  request.on('socket', (socket) => {
    connection = socket;
    for (const step of STEPS) socket.on(step, refresh);
  });
  return () => {
    for (const step of STEPS) connection?.off(step, refresh);
  };
}

/** How an answer begins. How far it comes does not matter. */
async function beginning(response: IncomingMessage, timer: NodeJS.Timeout): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      timer.refresh();
      if (!Buffer.isBuffer(chunk)) break;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= LONGEST_ANSWER) break;
    }
  } catch {
    // What has come is enough.
  }
  return Buffer.concat(chunks).toString('utf8');
}
