import type { IncomingMessage } from 'node:http';

/** A request, as far as it is answered by what it says. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Aborts when the client has gone, or the server closes. */
  readonly signal: AbortSignal;
}

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}
