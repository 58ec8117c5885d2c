import { AdapterError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import type { OpenTransport, Transport } from '../central/transport.ts';
import { parseReplay } from './replay-transport.ts';

/** Most batteries that `sim:n` makes. */
const MOST_BATTERIES = 99;

/** Simulated batteries, or a recording that comes with the program by its name. */
export const simTransport: Transport = {
  scheme: 'sim',
  examples: ['sim', 'sim:3', 'sim:NAME'],
  help: 'simulated batteries, or a recording that comes with the program',
  parse: (text) => {
    const [, digits] = /^sim(?::(\d{1,5}))?$/.exec(text) ?? [];
    if (text !== 'sim' && digits === undefined) return parseReplay(text);
    const batteries = Number(digits ?? 1);
    if (batteries >= 1 && batteries <= MOST_BATTERIES) return openSimulation(text, batteries);
    throw new UsageError(
      `adapter ${JSON.stringify(text)} has ${batteries} batteries`,
      `give a number from 1 to ${MOST_BATTERIES}`,
    );
  },
};

function openSimulation(title: string, batteries: number): OpenTransport {
  return async ({ simulate, capture, signal }) => {
    if (!simulate) {
      throw new AdapterError(
        `${title} needs a simulator`,
        'pass simulate of @ubmsc/simulator to openAdapter',
      );
    }
    const { simulatedSource } = await import('./ether-source.ts');
    return await simulatedSource(
      { title, expected: batteries, capture },
      async (ether) => await simulate({ ether, batteries, ...(signal && { signal }) }),
    );
  };
}
