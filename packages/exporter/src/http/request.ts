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

/** The answer to what must not take more of the program's time now. */
export const busy: Answer = {
  status: 503,
  headers: { 'Retry-After': '1' },
  body: 'Too many requests at once.\n',
};

/** Undefined when it has two hosts, or its target is not one that a server has (RFC 9112, section 3.2). */
export function requestOf(
  { method = '', url = '', headers, rawHeaders }: IncomingMessage,
  signal: AbortSignal,
): Request | undefined {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const target = url.startsWith('/') ? `http://localhost${url}` : url;
  if (hosts.length > 1 || !/^https?:\/\//.test(target) || !URL.canParse(target)) return undefined;
  const { pathname: path, searchParams: query } = new URL(target);
  return { method, path, query, headers, signal };
}

/** A body is not read, so the connection of a request that has one cannot be used again. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
