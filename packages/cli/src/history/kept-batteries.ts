import { join } from 'node:path';
import { stateFolder, UsageError } from '@ubmsc/base';
import { EnergyState } from '@ubmsc/energy';
import { batteriesOf } from '@ubmsc/history';
import { assertReadable, ENERGY, HISTORY, keptByService, keptIn } from '../batteries/state-folder.ts';
import type { Options } from '../command-line/options.ts';

/** A battery of which there is a history. */
export interface KeptBattery {
  /** The folder of the history. */
  readonly folder: string;
  /** The folder of the battery in it. */
  readonly key: string;
  /** What it was called last, or else its address; the name of a bank. */
  readonly title: string;
  readonly address: string;
  readonly simulated: boolean;
}

/**
 * The folder of the history.
 * @throws {UsageError} this user may not read it: an empty one would be shown.
 */
export function historyFolder(options: Options): string {
  const folder = join(keptIn(options) ?? stateFolder(), HISTORY);
  assertReadable(folder, 'history');
  return folder;
}

/** What is said of a folder without a history. */
export function noHistory(folder: string): UsageError {
  return new UsageError(
    `there is no history in ${folder}`,
    keptByService('history') ??
      'ubmsc export keeps one where the folder above it exists, or in that of --state',
  );
}

/**
 * The batteries of which there is a history: all, or those that are asked for by name or address.
 * @throws {UsageError} there is none.
 */
export async function keptBatteries(
  options: Options,
  asked: readonly string[],
): Promise<readonly KeptBattery[]> {
  const folder = historyFolder(options);
  const keys = await batteriesOf(folder);
  const names = await namesIn(options);
  const all = keys.toSorted().map((key): KeptBattery => {
    const simulated = key.startsWith('simulated-');
    const bare = key.replace(/^simulated-/, '');
    const isAddress = /^([0-9A-F]{2}-){5}[0-9A-F]{2}$/i.test(bare);
    const address = isAddress ? bare.replaceAll('-', ':') : bare;
    const title = names.get(key) ?? address.replace(/^bank-/, '');
    return { folder, key, title, address, simulated };
  });
  if (all.length === 0) throw noHistory(folder);
  const missing = asked.find((each) => !all.some((battery) => isCalled(battery, each)));
  if (missing !== undefined)
    throw new UsageError(
      `there is no history of ${JSON.stringify(missing)}`,
      `there is that of ${all.map(({ title }) => title).join(', ')}`,
    );
  return asked.length === 0 ? all : all.filter((battery) => asked.some((each) => isCalled(battery, each)));
}

function isCalled({ title, address, key }: KeptBattery, name: string): boolean {
  return name === title || name === key || name.toUpperCase() === address.toUpperCase();
}

/** What batteries are called, by their key: the energy totals know it. */
async function namesIn(options: Options): Promise<ReadonlyMap<string, string>> {
  try {
    const { accounts } = await EnergyState.open(join(keptIn(options) ?? stateFolder(), ENERGY));
    return new Map([...accounts].flatMap(([key, { name }]) => (name ? [[key, name]] : [])));
  } catch {
    return new Map();
  }
}
