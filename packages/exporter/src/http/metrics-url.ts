import { isIP } from 'node:net';
import { UsageError } from '@ubmsc/base';

/**
 * Where an exporter listens; the path is that of the metrics.
 * @throws {UsageError} it is no such URL.
 */
export function parseListenUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  ) {
    throw new UsageError(
      `cannot listen on ${JSON.stringify(text)}`,
      'give a URL such as http://127.0.0.1:9889/metrics; users come with { webConfigFile }',
    );
  }
  return url;
}

/** Whether only programs of this machine reach it. */
export function isLoopback({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost';
}
