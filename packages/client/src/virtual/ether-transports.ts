import type { Duplex } from 'node:stream';
import { AdapterError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import type { OpenTransport, Transport } from '../central/transport.ts';

/** Batteries in the ether of another process; `ubmsc simulate --listen` serves one. */
export const etherTransports: readonly Transport[] = [
  {
    scheme: 'unix',
    examples: ['unix:/path'],
    help: 'an ether on a Unix socket',
    parse: parseEther,
  },
  {
    scheme: 'tcp',
    examples: ['tcp:host:port'],
    help: 'an ether on a TCP port',
    parse: parseEther,
  },
];

/** Where it is has to be said; whether something is there shows when it is opened. */
const place = /^(unix:.+|tcp:(\[[^\]]+\]|[^:[\]]+):\d{1,5})$/s;

function parseEther(title: string): OpenTransport {
  if (!place.test(title)) {
    throw new UsageError(
      `adapter ${JSON.stringify(title)} does not say where`,
      'give unix:/path or tcp:host:port',
    );
  }
  return async ({ capture }) => {
    const { etherSource } = await import('./ether-source.ts');
    return etherSource({ title, capture, controller: async (signal) => await etherStream(title, signal) });
  };
}

async function etherStream(address: string, signal?: AbortSignal): Promise<Duplex> {
  const { connectEther, EtherError } = await import('@ubmsc/hci');
  try {
    return await connectEther(address, signal ? { signal } : {});
  } catch (cause) {
    if (!(cause instanceof EtherError)) throw cause;
    throw new AdapterError(cause.message, cause.hint, { cause });
  }
}
