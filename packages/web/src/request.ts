import type { IncomingHttpHeaders } from 'node:http';

/** A request, as far as it is answered by what it says. */
export interface PageRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client has gone, or the server closes. */
  readonly signal: AbortSignal;
}

/** What a request is answered with. */
export interface PageAnswer {
  readonly status: number;
  readonly body: string | Buffer | AsyncIterable<string>;
  readonly headers: Readonly<Record<string, string>>;
}
