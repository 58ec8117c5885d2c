import { Ether } from '@ubmsc/hci';
import type { Duplex } from 'node:stream';
import type { Central, CentralSource } from '../central/central.ts';
import type { TransportContext } from '../central/transport.ts';
import { NobleCentral } from '../noble/noble-central.ts';
import { nobleOnStream } from '../noble/noble-host.ts';

export interface EtherSourceOptions extends Pick<TransportContext, 'capture'> {
  readonly title: string;
  /** How many batteries there are, where that is known. */
  readonly expected?: number;
  /** Makes a new controller and returns its host's side. */
  readonly controller: (signal?: AbortSignal) => Duplex | Promise<Duplex>;
  /** Frees what the source owns. */
  readonly close?: () => Promise<void>;
}

/** Centrals on virtual controllers: noble drives them as it does real ones. */
export function etherSource({
  title,
  expected,
  capture,
  controller,
  close,
}: EtherSourceOptions): CentralSource {
  return {
    title,
    simulated: true,
    expected,
    open: async (signal): Promise<Central> =>
      await NobleCentral.open(nobleOnStream(title, await controller(signal)), { signal, capture }),
    [Symbol.asyncDispose]: async () => await close?.(),
  };
}

/** Centrals in an ether of this process, into which `simulate` puts batteries. */
export async function simulatedSource(
  options: Pick<EtherSourceOptions, 'title' | 'expected' | 'capture'>,
  simulate: (ether: Ether) => Promise<AsyncDisposable>,
): Promise<CentralSource> {
  const ether = new Ether();
  try {
    const simulation = await simulate(ether);
    return etherSource({
      ...options,
      controller: () => ether.open(),
      close: async () => {
        await simulation[Symbol.asyncDispose]();
        ether.close();
      },
    });
  } catch (error) {
    ether.close();
    throw error;
  }
}
