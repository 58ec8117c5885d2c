import { hostname } from 'node:os';

/**
 * Whether a request names a host that this page is meant to be reached by. A page of another site that has its name
 * resolved to this machine (DNS rebinding) sends its own name; Origin and Host are equal there, so nothing else tells.
 */
export function allowedHosts(
  listening: URL,
  others: readonly string[],
): (host: string | undefined) => boolean {
  const own = hostname().toLowerCase();
  const names = new Set(
    ['localhost', '127.0.0.1', '[::1]', listening.hostname, own, `${own}.local`, ...others].map((name) =>
      name.toLowerCase(),
    ),
  );
  return (host) => {
    const [, name] = /^(\[[0-9a-f:]+\]|[^:]+)(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '') ?? [];
    return name !== undefined && (names.has(name) || isAddress(name));
  };
}

/** An address was typed in: no name was resolved to get here. */
function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}
