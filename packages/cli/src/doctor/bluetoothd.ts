import { knownAdapters, type KnownAdapter } from '@ubmsc/client';
import { UbmscError } from '@ubmsc/base';
import { exitCodes } from '../exit-codes.ts';
import { failed, failedWith, ok, type Finding } from './finding.ts';
import { checkRfkill } from './host.ts';

export interface BluetoothdOptions {
  /** Such as `hci1`; any when left out. */
  readonly wanted?: string | undefined;
  /** Why bluetoothd was chosen, where it was not asked for. */
  readonly why?: string | undefined;
  readonly root?: string | undefined;
  readonly signal: AbortSignal;
}

/** Whether bluetoothd can be reached and has the adapter. Ends with the first stage that fails. */
export async function* checkBluetoothd(options: BluetoothdOptions): AsyncGenerator<Finding, void, undefined> {
  const { why, root, signal } = options;
  const adapters = await look(signal);
  const adapter = adapters instanceof UbmscError ? undefined : choose(adapters, options.wanted);
  const rfkill = await checkRfkill({ device: adapter && Number(adapter.name.slice('hci'.length)), root });
  yield rfkill;
  if (rfkill.outcome === 'failed') return;
  if (adapters instanceof UbmscError) {
    yield failedWith('adapter', adapters);
    return;
  }
  const names = adapters.map(({ name }) => name).join(', ') || 'no adapter';
  if (!adapter) {
    const hint = 'plug it in, or choose one that is there';
    yield failed(
      'adapter',
      `${options.wanted ?? 'it'} is not there: bluetoothd has ${names}`,
      hint,
      exitCodes.adapter,
    );
    return;
  }
  yield ok('adapter', `bluetoothd has ${names}${why === undefined ? '' : `; chosen because ${why}`}`);
  yield ok('permission', 'D-Bus lets this process use bluetoothd; no other right is needed');
  yield ok('others', 'bluetoothd shares the adapter with every program');
}

async function look(signal: AbortSignal): Promise<readonly KnownAdapter[] | UbmscError> {
  try {
    return await knownAdapters(signal);
  } catch (error) {
    if (error instanceof UbmscError) return error;
    throw error;
  }
}

function choose(adapters: readonly KnownAdapter[], wanted: string | undefined): KnownAdapter | undefined {
  if (wanted !== undefined) return adapters.find(({ name }) => name === wanted);
  return adapters.find(({ isPowered }) => isPowered) ?? adapters[0];
}
