// Not their members by name: tests put faults in the place of these.
import http, { type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { getProxyForUrl } from 'proxy-from-env';
import { authorization, type PushCredentials } from './authorization.ts';
import type { PushEndpoint } from './endpoint.ts';

/** What has become of a body that was sent. */
export type Outcome =
  | { readonly kind: 'taken' }
  /** It may be taken later; `after` is how long the server asks to be left alone, in milliseconds. */
  | { readonly kind: 'retry'; readonly reason: string; readonly after?: number | undefined }
  /** It will not be taken, however often it is sent. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface SendOptions {
  readonly endpoint: PushEndpoint;
  readonly credentials: PushCredentials;
  readonly version: string;
  /** How long all of it may take, in milliseconds; 10 s when left out. */
  readonly timeout?: number | undefined;
  readonly signal: AbortSignal;
}

const TIMEOUT = 10_000;

/** Longest part of an answer that is read, in bytes: it only says what was wrong. */
const LONGEST_ANSWER = 65_536;

/** Longest time that a server may ask to be left alone, in milliseconds. */
const LONGEST_WAIT = 3_600_000;

/** Statuses besides 5xx that say: later (RFC 9110, section 15.5; RFC 6585, section 4; RFC 8470, section 5.2). */
const later = new Set([408, 425, 429]);

/**
 * Sends a body once. Redirects are not followed: the target would get a GET. The host name is resolved each time,
 * and each time a connection is made.
 */
export async function send(body: Buffer, isCompressed: boolean, options: SendOptions): Promise<Outcome> {
  const { endpoint, credentials, version, timeout = TIMEOUT, signal } = options;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = setTimeout(end, timeout);
  signal.addEventListener('abort', end, { once: true });
  try {
    const authorized = await authorization({ ...endpoint.userinfo, ...defined(credentials) });
    const response = await respond(endpoint.url, body, {
      method: endpoint.method,
      signal: ended.signal,
      agent: await agentFor(endpoint.url),
      headers: {
        'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
        'Content-Length': body.length,
        ...(isCompressed && { 'Content-Encoding': 'gzip' }),
        'User-Agent': `ubmsc/${version}`,
        ...(authorized !== undefined && { Authorization: authorized }),
      },
    });
    return await outcomeOf(response);
  } catch (error) {
    const timedOut = ended.signal.aborted && !signal.aborted;
    return { kind: 'retry', reason: timedOut ? `no answer within ${timeout / 1000} s` : messageOf(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

async function respond(url: URL, body: Buffer, options: RequestOptions): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  return await new Promise((resolve, reject) => {
    // The listener stays: an error may come after the answer, and must not end the program.
    request(url, options, resolve).on('error', reject).end(body);
  });
}

/** Of the proxies in the environment the one for this URL; false for a connection of its own. */
async function agentFor(url: URL): Promise<Agent | false> {
  const proxy = getProxyForUrl(url.href);
  if (proxy === '') return false;
  const { proxyAgent } = await import('./proxy-agents.ts');
  return proxyAgent(url, proxy);
}

async function outcomeOf(response: IncomingMessage): Promise<Outcome> {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) {
    response.on('error', () => {}).destroy();
    return { kind: 'taken' };
  }
  const reason = `${status} ${await textOf(response)}`.trim();
  if (status < 500 && !later.has(status)) return { kind: 'refused', reason };
  return { kind: 'retry', reason, after: retryAfter(response.headers['retry-after'], Date.now()) };
}

/** The first line of an answer. How far it comes does not matter. */
async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) break;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= LONGEST_ANSWER) break;
    }
  } catch {
    // What has come is enough.
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').trim().split('\n');
  return line.slice(0, 200);
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from `now`; undefined when it is neither. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT);
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function defined(credentials: PushCredentials): PushCredentials {
  return Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined));
}
