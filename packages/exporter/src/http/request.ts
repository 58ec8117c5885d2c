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
  /** Pieces are sent as they come, until the client has gone. */
  readonly body: string | Buffer | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}
