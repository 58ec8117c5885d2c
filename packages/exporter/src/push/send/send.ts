import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PushEndpoint } from '../endpoint/endpoint.ts';
import { judge, type Outcome } from '../endpoint/judge.ts';
import { endpointKinds, type EndpointKind, type EndpointKindName } from '../endpoint/kinds.ts';
import { authorization, type PushCredentials } from './authorization.ts';
import { ADDRESS_TIMEOUT, Connection, type ConnectionSettings } from './connection.ts';
import { exchange, IdleError } from './exchange.ts';
import { messageOf } from './message.ts';

const compress = promisify(gzip);

/** A batch under way is worth this much time without a byte, in milliseconds: three addresses that do not answer. */
const IDLE = 15_000;

export interface SenderOptions extends ConnectionSettings {
  readonly endpoint: PushEndpoint;
  readonly credentials?: PushCredentials | undefined;
  readonly version: string;
  /** More headers, by their names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly idle?: number | undefined;
}

/** What became of a body, and what it took. */
export type Sent = Outcome & {
  /** Bytes of the body as it was sent. */
  readonly bytes: number;
  /** In milliseconds. */
  readonly time: number;
  /** Status of the answer; undefined without one. */
  readonly status: number | undefined;
};

/** Sends bodies to one endpoint, one at a time. */
export class Sender implements Disposable {
  /** What is sent: another kind takes its place when the endpoint does not understand it. */
  kind: EndpointKindName;
  readonly #options: SenderOptions;
  readonly #connection: Connection;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.kind = options.endpoint.kind;
    this.#connection = new Connection(options.endpoint.url, options);
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }

  /** Sends a body once, encoded as the kind of the endpoint wants it. */
  async send(body: Buffer, signal: AbortSignal): Promise<Sent> {
    const kind: EndpointKind = endpointKinds[this.kind];
    const bytes = kind.gzip ? await compress(body) : body;
    const began = performance.now();
    const { outcome, status } = await this.#outcome(kind, bytes, signal);
    if (outcome.kind === 'held') this.#connection.reset();
    return { ...outcome, bytes: bytes.length, time: performance.now() - began, status };
  }

  /** What time the server says it is, in milliseconds since 1970-01-01 UTC; undefined when it does not say. */
  async serverTime(signal: AbortSignal): Promise<number | undefined> {
    const { headers } = await this.#exchange('HEAD', {}, Buffer.alloc(0), signal);
    const time = Date.parse(String(headers['date']));
    return Number.isNaN(time) ? undefined : time;
  }

  /** Gives up a connection that is kept. */
  reset(): void {
    this.#connection.reset();
  }

  async #outcome(
    kind: EndpointKind,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: Outcome; readonly status?: number | undefined }> {
    try {
      const headers = { ...kind.headers, ...(kind.gzip && { 'Content-Encoding': 'gzip' }) };
      const answer = await this.#exchange(kind.method, headers, body, signal);
      const { status } = answer;
      const outcome = judge(kind, answer);
      const isUnknown = kind.fallback && outcome.kind !== 'accepted' && (status < 300 || status === 415);
      if (!isUnknown || !kind.fallback) return { outcome, status };
      this.kind = kind.fallback;
      const text = `${status}, and does not know ${kind.headers['Content-Type'] ?? ''}`;
      return { outcome: { kind: 'held', because: 'unexpected', text }, status };
    } catch (error) {
      const because = error instanceof IdleError ? 'timeout' : 'network';
      return { outcome: { kind: 'held', because, text: messageOf(error) } };
    }
  }

  async #exchange(
    method: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    signal: AbortSignal,
  ): ReturnType<typeof exchange> {
    const { endpoint, credentials = {}, version, headers: more, idle = IDLE } = this.#options;
    const { tokenScheme }: EndpointKind = endpointKinds[this.kind];
    const authorized = await authorization({ ...endpoint.userinfo, ...defined(credentials) }, tokenScheme);
    return await exchange(endpoint.url, {
      ...(await this.#connection.options()),
      method,
      body,
      idle,
      signal,
      autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT,
      headers: {
        ...headers,
        'Content-Length': body.length,
        'User-Agent': `ubmsc/${version}`,
        ...(authorized !== undefined && { Authorization: authorized }),
        ...more,
      },
    });
  }
}

function defined(credentials: PushCredentials): PushCredentials {
  return Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined));
}
