import { UsageError } from '@ubmsc/base';
import type { CentralSource } from '../central/central.ts';
import type { Transport, TransportContext } from '../central/transport.ts';

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
    return async (context) => await openController(device, context);
  },
};

/** What drives a controller is loaded when one is opened: every command reads the table of transports. */
async function openController(device: number, { capture }: TransportContext): Promise<CentralSource> {
  const [{ lockAdapter }, { NobleCentral }, { nobleOnController }, { resetController }] = await Promise.all([
    import('../adapter-lock.ts'),
    import('./noble-central.ts'),
    import('./noble-host.ts'),
    import('./reset-controller.ts'),
  ]);
  const title = `hci${device}`;
  const lock = await lockAdapter(title);
  return {
    title,
    simulated: false,
    open: async (signal) => await NobleCentral.open(nobleOnController(device), { signal, capture }),
    reset: async (signal) => await resetController(title, signal),
    [Symbol.asyncDispose]: async () => await lock[Symbol.asyncDispose](),
  };
}
