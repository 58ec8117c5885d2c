import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { acceptsGzip } from './negotiate.ts';
import type { Answer } from './request.ts';

/** Bodies up to this are not worth compressing. */
const SMALL_BODY = 1024;

/** Compressed bodies of pages that several clients get. */
const compressed = new WeakMap<Buffer, Buffer>();

/** Sends pieces as they come; the next one is waited for when the client has taken the one before. */
export async function stream(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: Answer & { readonly body: AsyncIterable<string> },
): Promise<void> {
  // Pieces may be minutes apart; a client that takes in nothing holds up the writing, not the memory.
  response.socket?.setTimeout(0);
  response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(body), response);
}

export function send(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  { status, body, headers: own }: Answer & { readonly body: string | Buffer },
): void {
  const text = typeof body === 'string' ? Buffer.from(body) : body;
  const isCompressed = text.length > SMALL_BODY && acceptsGzip(headers['accept-encoding']?.toString());
  const bytes = isCompressed ? compress(text) : text;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...own,
    ...(isCompressed && { 'Content-Encoding': 'gzip' }),
    'Content-Length': bytes.length,
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}

function compress(body: Buffer): Buffer {
  const known = compressed.get(body);
  if (known) return known;
  // A megabyte takes about a millisecond, which is less than to wait for a thread that does it.
  const bytes = gzipSync(body, { level: 1 });
  compressed.set(body, bytes);
  return bytes;
}
