import type { Ether, PacketCapture } from '@ubmsc/hci';
import { Adapter, type ObserveLink } from './adapter.ts';
import type { OpenTransport, TransportContext } from './central/transport.ts';
import { parseAdapter } from './central/transports.ts';

/** How an adapter is opened. */
export interface AdapterOptions extends Omit<TransportContext, 'capture'> {
  readonly observe?: ObserveLink | undefined;
  /** Called for each adapter that is opened: what becomes of its packets. It is disposed of with the adapter. */
  readonly capture?: (() => PacketCapture | Promise<PacketCapture>) | undefined;
}

/**
 * Opens the adapter that a text names, such as `hci0` or `sim:3`; or an ether of this process. Rejects with a UsageError
 * for a text that names none, with an AdapterError when it cannot be used.
 */
export async function openAdapter(wanted: string | Ether, options: AdapterOptions = {}): Promise<Adapter> {
  const open = typeof wanted === 'string' ? parseAdapter(wanted).open : openEther(wanted);
  const { capture: begin, observe, ...context } = options;
  // To load a Bluetooth stack takes a while on a small computer: who does not want it any more does not wait for it.
  options.signal?.throwIfAborted();
  const capture = await begin?.();
  const close = async (): Promise<void> => await capture?.[Symbol.asyncDispose]();
  try {
    const source = await open({ ...context, capture });
    try {
      options.signal?.throwIfAborted();
      return new Adapter(source, await source.open(options.signal), { observe, onClose: close });
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    await close();
    throw error;
  }
}

function openEther(ether: Ether): OpenTransport {
  return async ({ capture }) => {
    const { etherSource } = await import('./virtual/ether-source.ts');
    return etherSource({ title: 'the ether', capture, controller: () => ether.open() });
  };
}
