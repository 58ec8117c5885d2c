import { UsageError } from '@ubmsc/protocol';

/** Where an adapter is: a Bluetooth controller of this machine, simulated batteries, or an ether on a socket. */
export type AdapterSpec =
  | { readonly kind: 'hci'; readonly device: number }
  | { readonly kind: 'sim'; readonly batteries: number }
  | { readonly kind: 'ether'; readonly address: string };

/** Most batteries that `sim:n` makes. */
const MOST_BATTERIES = 99;

/**
 * Reads `hci0`, `sim`, `sim:3`, `unix:/run/ether.sock` or `tcp:127.0.0.1:9000`.
 * Throws a {@link UsageError} for anything else; what follows `unix:` and `tcp:` is judged when it is opened.
 */
export function parseAdapterSpec(spec: string): AdapterSpec {
  const hci = /^hci(\d{1,5})$/.exec(spec);
  if (hci) return { kind: 'hci', device: Number(hci[1]) };
  const sim = /^sim(?::(\d{1,5}))?$/.exec(spec);
  if (sim) {
    const batteries = Number(sim[1] ?? 1);
    if (batteries >= 1 && batteries <= MOST_BATTERIES) return { kind: 'sim', batteries };
    throw new UsageError(
      `adapter ${JSON.stringify(spec)} has ${batteries} batteries`,
      `give a number from 1 to ${MOST_BATTERIES}`,
    );
  }
  if (/^(unix|tcp):./.test(spec)) return { kind: 'ether', address: spec };
  throw new UsageError(
    `no adapter is called ${JSON.stringify(spec)}`,
    'give hci0, sim, sim:3, unix:/path/to/socket or tcp:host:port',
  );
}
