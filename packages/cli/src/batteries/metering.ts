import { join } from 'node:path';
import { log, UbmscError } from '@ubmsc/base';
import { BankedSource, EnergyMeters, KeptTotals, MeteredSource } from '@ubmsc/energy';
import type { BatterySource } from '@ubmsc/session';
import type { BatteriesOptions } from '../command-line/context.ts';
import { ENERGY, keptIn } from './state-folder.ts';

/** The batteries, and besides them the banks that the options name. */
export function withBanks(
  source: BatterySource,
  { banks = [] }: Pick<BatteriesOptions, 'banks'>,
): BatterySource {
  return banks.length > 0 ? new BankedSource(source, banks) : source;
}

/**
 * The batteries with energy totals, where state is kept, and with banks. Totals that cannot be kept are left out and
 * logged: readings go on.
 */
export async function openMetering(
  source: BatterySource,
  options: Pick<BatteriesOptions, 'banks' | 'state' | 'disableEnergy'>,
): Promise<AsyncDisposable & { readonly source: BatterySource }> {
  const meters = await openMeters(options);
  if (!meters) return { source: withBanks(source, options), [Symbol.asyncDispose]: async () => {} };
  const metered = new MeteredSource(source, meters);
  return {
    source: withBanks(metered, options),
    [Symbol.asyncDispose]: async () => {
      metered[Symbol.dispose]();
      await meters[Symbol.asyncDispose]();
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
    log('warn', 'energy', () => `energy totals cannot be read: ${String(error)}`);
    return undefined;
  }
}

async function openMeters(
  options: Pick<BatteriesOptions, 'state' | 'disableEnergy'>,
): Promise<EnergyMeters | undefined> {
  const state = options.disableEnergy ? undefined : keptIn(options);
  if (state === undefined) return undefined;
  try {
    return await EnergyMeters.open({ folder: join(state, ENERGY) });
  } catch (error) {
    const hint = error instanceof UbmscError ? `; ${error.hint}` : '';
    log(
      'error',
      'energy',
      () => `no energy is added up: ${error instanceof Error ? error.message : String(error)}${hint}`,
    );
    return undefined;
  }
}
