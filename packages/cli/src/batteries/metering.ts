import { join } from 'node:path';
import { log, UbmscError } from '@ubmsc/base';
import { BankedSource, EnergyMeters, MeteredSource } from '@ubmsc/energy';
import type { BatterySource } from '@ubmsc/session';
import type { BatteriesOptions } from '../command-line/context.ts';
import { keptIn } from './state-folder.ts';

/** The folder of energy totals in the folder for state. */
export const ENERGY = 'energy';

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
