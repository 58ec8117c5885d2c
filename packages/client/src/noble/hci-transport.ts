import { UsageError } from '@ubmsc/base';
import type { Transport } from '../central/transport.ts';

/** A Bluetooth controller of this machine, which noble drives by HCI. */
export const hciTransport: Transport = {
  scheme: 'hci',
  examples: ['hci0'],
  help: 'a Bluetooth adapter of this machine',
  parse: (text) => {
    const [, digits] = /^hci(\d{1,5})$/.exec(text) ?? [];
    if (digits === undefined) {
      throw new UsageError(`no adapter is called ${JSON.stringify(text)}`, 'give hci0, hci1 and so on');
    }
    const device = Number(digits);
    return async (context) => {
      // Loaded when one is opened: every command reads the table of transports.
      const { HciSource } = await import('./hci-source.ts');
      return new HciSource(device, context);
    };
  },
};
