import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mayUseRadios } from '@ubmsc/base';
import { AdapterError } from '@ubmsc/session';
import { knownAdapters } from '../bluez/known-adapters-late.ts';
import { adapterError } from '../central/adapter-problems.ts';

/** The adapter that is taken where none is named, and why. */
export interface AdapterChoice {
  /** As it would be named, such as `bluez` or `hci0`. */
  readonly adapter: string;
  readonly why: string;
}

/** What the choice of an adapter depends on. */
export interface ChooseOptions {
  readonly signal?: AbortSignal | undefined;
  /** Packets between host and controller are wanted, which bluetoothd does not show. */
  readonly needsPackets?: boolean | undefined;
  /** Where the system's files are; `/` when left out. */
  readonly root?: string | undefined;
  readonly platform?: NodeJS.Platform;
  /** Names of the adapters that bluetoothd has; rejects with an AdapterError where it cannot be used. */
  readonly ofBluetoothd?: ((signal?: AbortSignal) => Promise<readonly string[]>) | undefined;
  /** Whether this process may drive a controller of the kernel. */
  readonly mayDrive?: (() => Promise<boolean>) | undefined;
}

/**
 * Chooses bluetoothd where it runs and has an adapter: it needs no rights, and other programs go on working. Otherwise a
 * controller of the kernel, where this process may drive it. Rejects with an AdapterError where there is neither.
 */
export async function chooseAdapter(options: ChooseOptions = {}): Promise<AdapterChoice> {
  const { signal, needsPackets = false, root = '/', platform = process.platform } = options;
  if (platform !== 'linux') return { adapter: 'hci0', why: `noble reaches the Bluetooth of ${platform}` };
  const mayDrive = options.mayDrive ?? (async () => await mayUseRadios(process.pid));
  const [controller] = await controllersOf(root);
  if (needsPackets && controller !== undefined) {
    return { adapter: controller, why: 'bluetoothd does not show the packets that are wanted' };
  }
  const found = await look(options.ofBluetoothd ?? ofBluetoothd, signal);
  if (!(found instanceof AdapterError))
    return { adapter: 'bluez', why: `bluetoothd runs and has ${found.join(', ')}` };
  if (controller === undefined) throw adapterError('auto', 'noController', found);
  const why = found.message.replace(/^\w+ cannot be used: /, '');
  if (await mayDrive()) return { adapter: controller, why: `${why}, and this process may drive it` };
  throw new AdapterError(
    `no Bluetooth can be used: ${why}, and this user may not drive ${controller} without it`,
    found.hint,
    { cause: found, reason: 'adapterGone' },
  );
}

/** Controllers that the kernel has, in the order of their numbers. */
async function controllersOf(root: string): Promise<readonly string[]> {
  const names = await readdir(join(root, 'sys/class/bluetooth')).catch(() => []);
  return names
    .filter((name) => /^hci\d+$/.test(name))
    .toSorted((one, other) => Number(one.slice(3)) - Number(other.slice(3)));
}

/** The adapters of bluetoothd, or why there are none. */
async function look(
  ask: (signal?: AbortSignal) => Promise<readonly string[]>,
  signal?: AbortSignal,
): Promise<readonly string[] | AdapterError> {
  try {
    const names = await ask(signal);
    return names.length > 0 ? names : adapterError('auto', 'absent', undefined, 'bluetoothd has no adapter');
  } catch (error) {
    if (error instanceof AdapterError) return error;
    throw error;
  }
}

async function ofBluetoothd(signal?: AbortSignal): Promise<readonly string[]> {
  return (await knownAdapters(signal)).map(({ name }) => name);
}
