import { UsageError } from '@ubmsc/base';
import type { DeviceResult } from '../../formats/index.ts';
import { readInput } from '../../read-input.ts';
import type { EarlierDevice } from './earlier-forms.ts';

/** Largest document that is read, in bytes: some ten thousand devices. */
const LARGEST = 20_000_000;

/**
 * The devices of what `ubmsc settings` has printed in any format: of a file, or of standard input for `-`. Rejects with a
 * UsageError when it has none.
 */
export async function readSettings(file: string, signal: AbortSignal): Promise<readonly EarlierDevice[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readInput(file, signal)) {
    size += chunk.length;
    if (size > LARGEST) throw notSettings(file);
    chunks.push(chunk);
  }
  // The libraries for these formats are needed here alone.
  const { devicesIn } = await import('./earlier-forms.ts');
  const devices = devicesIn(new TextDecoder().decode(Buffer.concat(chunks)));
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
