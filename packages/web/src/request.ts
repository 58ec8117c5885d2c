import type { IncomingHttpHeaders } from 'node:http';

/** The parts of a request that decide the answer. */
export interface PageRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client has gone, or the server closes. */
  readonly signal: AbortSignal;
}

/** The answer to a request. */
export interface PageAnswer {
  readonly status: number;
  readonly body: string | Buffer | AsyncIterable<string>;
  readonly headers: Readonly<Record<string, string>>;
}
