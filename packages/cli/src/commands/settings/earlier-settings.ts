import { UsageError } from '@ubmsc/base';
import type { DeviceResult } from '../../formats/index.ts';
import { readText } from '../../read-input.ts';
import type { EarlierDevice } from './earlier-forms.ts';

/** Largest document that is read, in bytes: some ten thousand devices. */
const LARGEST = 20_000_000;

/**
 * The devices of what `ubmsc settings` has printed in any format: of a file, or of standard input for `-`. Rejects with a
 * UsageError when it has none.
 */
export async function readSettings(file: string, signal: AbortSignal): Promise<readonly EarlierDevice[]> {
  const text = await readText(file, signal, LARGEST);
  if (text === undefined) throw notSettings(file);
  // The libraries for these formats are needed here alone.
  const { devicesIn } = await import('./earlier-forms.ts');
  const devices = devicesIn(text);
  if (devices === undefined) throw notSettings(file);
  return devices;
}

/** The last that has the address of a device, or where either has none, its name. Undefined when it is not there. */
export function findDevice(
  devices: readonly EarlierDevice[],
  { device, name, address }: Pick<DeviceResult, 'device' | 'name' | 'address'>,
): EarlierDevice | undefined {
  return devices.findLast((each) =>
    each.address === undefined || address === undefined
      ? each.device === device || each.device === name
      : each.address === address,
  );
}

/** The earlier settings are those of other batteries than these. */
export function notTheirs(names: readonly string[]): UsageError {
  return new UsageError(
    `the earlier settings have none of ${names.join(', ')}`,
    'give what ubmsc settings has printed of the same batteries',
  );
}

function notSettings(file: string): UsageError {
  const name = file === '-' ? 'standard input' : JSON.stringify(file);
  return new UsageError(`${name} has no settings`, 'give what ubmsc settings has printed');
}
