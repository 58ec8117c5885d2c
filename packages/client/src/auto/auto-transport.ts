import { log, UsageError } from '@ubmsc/base';
import type { OpenTransport, Transport } from '../central/transport.ts';

/** What is best on this machine. `parse` reads the name of what was chosen. */
export function autoTransport(parse: (text: string) => OpenTransport): Transport {
  return {
    scheme: 'auto',
    examples: ['auto'],
    help: 'bluez where bluetoothd runs, otherwise the first Bluetooth adapter of this machine',
    parse: (text) => {
      if (text !== 'auto') throw new UsageError(`no adapter is called ${JSON.stringify(text)}`, 'give auto');
      return async (context) => {
        const { chooseAdapter } = await import('./choose.ts');
        const { signal, capture } = context;
        const { adapter, why } = await chooseAdapter({ signal, needsPackets: capture !== undefined });
        log('info', 'adapter', () => `auto: ${adapter} is used, because ${why}`);
        return await parse(adapter)(context);
      };
    },
  };
}
