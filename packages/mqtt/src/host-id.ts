import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { hash, slug } from './identity.ts';

/**
 * What tells this run from others on the same broker: name of the host, and a part of the hash of what makes it unique,
 * because two hosts may have one name. `adapter` is part of it: two runs on one host have two adapters.
 */
export function hostId(adapter: string): string {
  return `${slug(hostname().toLowerCase()).slice(0, 40)}-${hash(`${machine()} ${adapter}`)}`;
}

/** machine-id(5), or else the address of the first network interface that has one. */
function machine(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    const addresses = Object.values(networkInterfaces()).flatMap((each) =>
      (each ?? []).map(({ mac }) => mac),
    );
    return addresses.find((mac) => !/^(00:?)+$/.test(mac)) ?? '';
  }
}
