import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { gunzipSync } from 'node:zlib';

/** What a server answers; 204 when left out. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Received {
  readonly request: IncomingMessage;
  /** The body, decompressed when it came with gzip. */
  readonly body: Buffer;
  /** Bytes of the body as they came. */
  readonly size: number;
}

/** A server on this machine that is pushed to: it takes what comes, or answers as a test says. */
export interface Receiver extends AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  /** What was answered with 2xx and nothing more. */
  readonly taken: Received[];
  /** How many requests have come, besides those without a body. */
  requests: number;
  /** Lines of samples that were taken, in the text format. */
  readonly lines: readonly string[];
  answer: (received: Received) => Answer | Promise<Answer>;
}

/** Numbers that the lines of `a` have. */
export const numbersOf = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => {
    const [, number] = /^a (\d+)/.exec(line) ?? [];
    return number === undefined ? [] : [Number(number)];
  });

/** The time of day, whatever a test says what `Date` is. */
export const trueTime = (): number => performance.timeOrigin + performance.now();

export async function startReceiver(tls?: ServerOptions): Promise<Receiver> {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const received = { request, body, size: raw.length };
    if (raw.length > 0) own.requests++;
    const { status = 204, headers, body: text } = raw.length === 0 ? {} : await own.answer(received);
    if (raw.length > 0 && status < 300 && text === undefined) own.taken.push(received);
    const date = new Date(trueTime()).toUTCString();
    response.writeHead(status, { Date: date, ...headers }).end(text);
  };
  const listener: RequestListener = (request, response) => {
    respond(request, response).catch(() => request.destroy());
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const own: Receiver = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    taken: [],
    requests: 0,
    get lines() {
      return this.taken.flatMap(({ body }) =>
        body
          .toString()
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('#')),
      );
    },
    answer: () => ({}),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return own;
}
