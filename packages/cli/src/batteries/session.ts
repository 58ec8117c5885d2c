import { join } from 'node:path';
import { Fleet, openAdapter, type Adapter, type AdapterOptions, type FleetOptions } from '@ubmsc/client';
import { KnownNames } from './known-names.ts';
import { keptIn } from './state-folder.ts';
import type { BatteriesOptions } from '../command-line/context.ts';
import { hintInOptions } from '../hints.ts';
import { startLogging } from '../logging.ts';
import { Replays } from '../recordings/replays.ts';
import { snoop } from '../snoop.ts';
import type { Options } from '../command-line/options.ts';

/** The file of names of batteries, in the folder for state. */
const NAMES = 'names.json';

/** An adapter with logging, both as the options say; the simulator is loaded only for `sim`. */
export async function openSession(
  options: Pick<Options, 'adapter' | 'log' | 'journal' | 'snoop' | 'showSecrets'>,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly adapter: Adapter }> {
  const logging = await startLogging({ filter: options.log, journal: options.journal ?? false });
  try {
    const adapter = await openAdapter(options.adapter, {
      signal,
      simulate,
      replay: new Replays(signal).play,
      capture: snoop(options),
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

/** Puts simulated batteries into an ether. */
export type SimulateBatteries = NonNullable<AdapterOptions['simulate']>;

/** The simulator is loaded only for `sim`. */
export const simulate: SimulateBatteries = async (simulation) => {
  const { simulate: start } = await import('@ubmsc/simulator');
  return await start(simulation);
};

/** What else may be said of batteries that are watched. */
interface FleetExtras {
  readonly replays?: Replays;
  /** Sees every link before it is used. */
  readonly observe?: AdapterOptions['observe'];
  /** What a battery that was found is called. */
  readonly nameOf?: FleetOptions['nameOf'];
}

/** Who else wants to see what goes on. */
export interface OpenBatteriesExtras {
  /** Sees every link before it is used. */
  readonly observe?: AdapterOptions['observe'];
  /** Is told of the batteries before anything happens to them. */
  readonly opened?: (batteries: Fleet) => void;
  /** What `sim` stands for; the simulator's standard when left out. */
  readonly simulation?: SimulateBatteries | undefined;
}

/** A fleet without batteries yet, as the options say. `simulation` is what `sim` stands for. */
export function makeFleet(
  options: Pick<
    Options,
    'variant' | 'requestTimeout' | 'resetAdapter' | 'giveUpAfter' | 'snoop' | 'showSecrets'
  >,
  signal: AbortSignal,
  simulation: SimulateBatteries = simulate,
  { replays = new Replays(signal), observe, nameOf }: FleetExtras = {},
): Fleet {
  const { variant, resetAdapter, giveUpAfter } = options;
  const adapterOptions = {
    signal,
    simulate: simulation,
    replay: replays.play,
    observe,
    capture: snoop(options),
  };
  return new Fleet({
    open: async (adapter) => await openAdapter(adapter, adapterOptions),
    nameOf,
    wordHint: hintInOptions,
    variant,
    requestTimeout: options.requestTimeout * 1000,
    resetAdapter,
    giveUpAfter: giveUpAfter && giveUpAfter * 1000,
  });
}

/**
 * The batteries that the options mean, watched, with logging as the options say. `set` changes which they are, as
 * when a configuration is read again.
 */
export async function openBatteries(
  options: BatteriesOptions,
  signal: AbortSignal,
  { observe, opened, simulation }: OpenBatteriesExtras = {},
): Promise<AsyncDisposable & { readonly batteries: Fleet; readonly replays: Replays }> {
  const logging = await startLogging({ filter: options.log, journal: options.journal ?? false });
  const replays = new Replays(signal);
  const state = keptIn(options);
  const names = state === undefined ? undefined : await KnownNames.open(join(state, NAMES));
  // Batteries that are played have no addresses of their own.
  const nameOf: FleetOptions['nameOf'] = (address, advertised, adapter) =>
    /^(sim|replay)\b/.test(adapter) ? undefined : names?.nameOf(address, advertised);
  const batteries = makeFleet(options, signal, simulation, { replays, observe, nameOf });
  const close = async (): Promise<void> => {
    await batteries[Symbol.asyncDispose]();
    await names?.[Symbol.asyncDispose]();
    logging[Symbol.dispose]();
  };
  try {
    opened?.(batteries);
    await batteries.set(options.batteries ?? { allOf: options.adapter });
    return { batteries, replays, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
