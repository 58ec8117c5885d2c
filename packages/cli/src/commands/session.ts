import { openAdapter, type Adapter } from '@ubmsc/client';
import { startLogging } from '../logging.ts';
import type { Options } from '../command-line/options.ts';

/** An adapter with logging, both as the options say; the simulator is loaded only for `sim`. */
export async function openSession(
  options: Pick<Options, 'adapter' | 'log' | 'journal'>,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly adapter: Adapter }> {
  const logging = await startLogging({ filter: options.log, journal: options.journal ?? false });
  try {
    const adapter = await openAdapter(options.adapter, {
      signal,
      simulate: async (simulation) => {
        const { simulate } = await import('@ubmsc/simulator');
        return await simulate(simulation);
      },
    });
    return {
      adapter,
      async [Symbol.asyncDispose]() {
        await adapter.close();
        logging[Symbol.dispose]();
      },
    };
  } catch (error) {
    logging[Symbol.dispose]();
    throw error;
  }
}
