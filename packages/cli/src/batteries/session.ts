import { join } from 'node:path';
import { openAdapter, openFleet, type Adapter, type AdapterOptions } from '@ubmsc/client';
import { KnownNames } from './known-names.ts';
import { keptIn } from './state-folder.ts';
import { WatchedBatteries, type OpenWatcher } from './watched-batteries.ts';
import type { BatteriesOptions } from '../command-line/context.ts';
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
interface WatcherExtras {
  readonly replays?: Replays;
  /** Sees every link before it is used. */
  readonly observe?: AdapterOptions['observe'];
  /** What a battery that was found is called. */
  readonly nameOf?: KnownNames['nameOf'] | undefined;
}

/** Who else wants to see what goes on. */
export interface OpenBatteriesExtras {
  /** Sees every link before it is used. */
  readonly observe?: AdapterOptions['observe'];
  /** Is told of the batteries before anything happens to them. */
  readonly opened?: (batteries: WatchedBatteries) => void;
}

/** Opens adapters for batteries that are watched. `simulation` is what `sim` stands for. */
export function openWatcher(
  options: Pick<
    Options,
    'variant' | 'requestTimeout' | 'resetAdapter' | 'giveUpAfter' | 'snoop' | 'showSecrets'
  >,
  signal: AbortSignal,
  simulation: SimulateBatteries = simulate,
  { replays = new Replays(signal), observe, nameOf }: WatcherExtras = {},
): OpenWatcher {
  const { variant, giveUpAfter } = options;
  const requestTimeout = options.requestTimeout * 1000;
  const capture = snoop(options);
  return async (adapter, all) => {
    const devices = all ? undefined : [];
    return await openFleet({
      adapter,
      devices,
      variant,
      requestTimeout,
      signal,
      simulate: simulation,
      replay: replays.play,
      observe,
      // Batteries that are played have no addresses of their own.
      nameOf: /^(sim|replay)\b/.test(adapter) ? undefined : nameOf,
      capture,
      resetAdapter: options.resetAdapter,
      giveUpAfter: giveUpAfter && giveUpAfter * 1000,
    });
  };
}

/**
 * The batteries that the options mean, watched, with logging as the options say. `set` changes which they are, as
 * when a configuration is read again.
 */
export async function openBatteries(
  options: BatteriesOptions,
  signal: AbortSignal,
  { observe, opened }: OpenBatteriesExtras = {},
): Promise<AsyncDisposable & { readonly batteries: WatchedBatteries; readonly replays: Replays }> {
  const logging = await startLogging({ filter: options.log, journal: options.journal ?? false });
  const replays = new Replays(signal);
  const state = keptIn(options);
  const names = state === undefined ? undefined : await KnownNames.open(join(state, NAMES));
  const nameOf = names?.nameOf.bind(names);
  const batteries = new WatchedBatteries(
    openWatcher(options, signal, simulate, { replays, observe, nameOf }),
  );
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
