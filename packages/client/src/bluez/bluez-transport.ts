import { UsageError } from '@ubmsc/base';
import { AdapterError } from '@ubmsc/session';
import type { Transport } from '../central/transport.ts';
import type { WantedAdapter } from './choose-adapter.ts';

/** An adapter of bluetoothd, over D-Bus: it needs no rights, and other programs go on using it. */
export const bluezTransport: Transport = {
  scheme: 'bluez',
  examples: ['bluez', 'bluez:hci1'],
  help: 'an adapter of bluetoothd, which needs no rights and is shared with other programs',
  parse: (text) => {
    const wanted = parseWanted(text);
    return async ({ capture }) => {
      if (capture) {
        throw new AdapterError(
          'what goes through bluetoothd cannot be captured',
          "leave { capture } out and run sudo btmon -w FILE, or choose openAdapter('hci0')",
        );
      }
      const { BluezSource } = await import('./bluez-source.ts');
      return new BluezSource(text, wanted);
    };
  },
};

function parseWanted(text: string): WantedAdapter {
  if (text === 'bluez') return {};
  const name = /^bluez:(hci\d{1,5})$/.exec(text)?.[1];
  if (name !== undefined) return { name };
  const address = /^bluez:((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i.exec(text)?.[1];
  if (address !== undefined) return { address: address.toUpperCase() };
  throw new UsageError(
    `no adapter is called ${JSON.stringify(text)}`,
    'give bluez, bluez:hci1 or bluez: and the address of an adapter',
  );
}
