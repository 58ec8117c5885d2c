import { join } from 'node:path';
import { log } from '@ubmsc/base';
import { BankedSource, EnergyMeters, KeptTotals, MeteredSource, type Bank } from '@ubmsc/energy';
import type { BatterySource } from '@ubmsc/session';
import type { BatteriesOptions } from '../command-line/context.ts';
import { problemText } from '../hints.ts';
import { ENERGY, keptIn } from './state-folder.ts';

/** The batteries, and besides them the banks that the options name. */
export function withBanks(
  source: BatterySource,
  { banks = [] }: Pick<BatteriesOptions, 'banks'>,
): BatterySource {
  return banks.length > 0 ? new BankedSource(source, banks) : source;
}

/** Batteries with all that is computed from their readings. */
export interface Metering extends AsyncDisposable {
  readonly source: BatterySource;
  /** Shows these banks from now on. */
  readonly setBanks: (banks: readonly Bank[]) => void;
  /** Why energy totals stand still, or are not kept, for people; undefined while all is well. */
  readonly problem: () => string | undefined;
  /** Whether energy totals are to be kept. */
  readonly isMetered: boolean;
}

/**
 * The batteries with energy totals, where state is kept, and with banks. Totals that cannot be kept are left out and
 * logged: readings go on.
 */
export async function openMetering(
  source: BatterySource,
  options: Pick<BatteriesOptions, 'banks' | 'state' | 'disableEnergy'>,
): Promise<Metering> {
  const state = options.disableEnergy ? undefined : keptIn(options);
  const opened = state === undefined ? undefined : await openMeters(join(state, ENERGY));
  const meters = opened instanceof EnergyMeters ? opened : undefined;
  const metered = meters && new MeteredSource(source, meters);
  const banked = new BankedSource(metered ?? source, options.banks ?? []);
  return {
    source: banked,
    setBanks: (banks) => banked.set(banks),
    problem: () => (typeof opened === 'string' ? opened : meters?.problem),
    isMetered: state !== undefined,
    [Symbol.asyncDispose]: async () => {
      metered?.[Symbol.dispose]();
      await meters?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * The batteries with the energy totals that a service keeps, if one does, and with banks. Only one process adds energy
 * up: who just looks on leaves that to the service.
 */
export async function withKeptTotals(
  source: BatterySource,
  options: Pick<BatteriesOptions, 'banks' | 'state' | 'disableEnergy'>,
): Promise<AsyncDisposable & { readonly source: BatterySource }> {
  const state = options.disableEnergy ? undefined : keptIn(options);
  const kept = state === undefined ? undefined : await openKept(join(state, ENERGY));
  const metered = kept && new MeteredSource(source, kept);
  return {
    source: withBanks(metered ?? source, options),
    [Symbol.asyncDispose]: async () => {
      metered?.[Symbol.dispose]();
      await kept?.[Symbol.asyncDispose]();
    },
  };
}

async function openKept(folder: string): Promise<KeptTotals | undefined> {
  try {
    return await KeptTotals.open(folder);
  } catch (error) {
    log('warn', 'energy', () => `no energy totals are shown: ${problemText(error)}`);
    return undefined;
  }
}

/** The meters in a folder, or why there are none. */
async function openMeters(folder: string): Promise<EnergyMeters | string> {
  try {
    return await EnergyMeters.open({ folder });
  } catch (error) {
    const problem = `no energy is added up: ${problemText(error)}`;
    log('error', 'energy', () => problem);
    return problem;
  }
}
