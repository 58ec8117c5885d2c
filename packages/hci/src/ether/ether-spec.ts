import { UsageError } from '@ubmsc/base';

/** Where an ether server listens. */
export type EtherSpec =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** Octets of `sun_path` without the terminating zero, as `bind` wants it: unix(7), unix(4) on macOS. */
const maximumPathLength = process.platform === 'linux' ? 107 : 103;

/**
 * Reads `unix:/path` or `tcp:host:port` (an IPv6 host in brackets).
 *
 * @throws {UsageError} the text is neither, or the path is too long for a socket.
 */
export function parseEtherSpec(spec: string): EtherSpec {
  const path = /^unix:(.+)$/s.exec(spec)?.[1];
  if (path !== undefined) {
    const length = Buffer.byteLength(path);
    if (path.includes('\0')) throw new UsageError('a socket path cannot contain a zero octet', hint);
    if (length > maximumPathLength) {
      throw new UsageError(
        `the socket path has ${length} bytes, ${maximumPathLength} are possible`,
        'choose a shorter path, for example in /run or /tmp',
      );
    }
    return { kind: 'unix', path };
  }
  const [, bracketed, plain, digits] = /^tcp:(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(spec) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || !(port <= 65_535)) throw new UsageError(`"${spec}" is not an ether`, hint);
  return { kind: 'tcp', host, port };
}

const hint = 'write unix:/path/of/a/socket or tcp:host:port';

/** The text of a spec, the inverse of `parseEtherSpec`. */
export function formatEtherSpec(spec: EtherSpec): string {
  if (spec.kind === 'unix') return `unix:${spec.path}`;
  return spec.host.includes(':') ? `tcp:[${spec.host}]:${spec.port}` : `tcp:${spec.host}:${spec.port}`;
}
