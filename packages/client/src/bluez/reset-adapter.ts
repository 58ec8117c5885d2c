import { Variant } from '@jellybrick/dbus-next';
import { AdapterError } from '@ubmsc/session';
import { errorTextOf, serviceError } from './bluez-errors.ts';
import { chooseAdapter, type WantedAdapter } from './choose-adapter.ts';
import { findBluetoothd } from './find-bluetoothd.ts';
import { interfaces } from './names.ts';
import { BluezObjects } from './objects.ts';
import { SystemBus } from './system-bus.ts';

/** How long it may take to switch an adapter off or on, in milliseconds: links are ended first. */
const SWITCH_TIMEOUT = 10_000;

/**
 * Has bluetoothd switch an adapter off and on, which resets its controller and ends the links of every program. An
 * adapter that is switched off or blocked stays so. Rejects with an AdapterError when it could not be done.
 */
export async function resetAdapter(
  wanted: WantedAdapter,
  title: string,
  signal?: AbortSignal,
): Promise<void> {
  using bus = await SystemBus.open(signal);
  try {
    const owner = await findBluetoothd(bus, signal);
    using objects = await BluezObjects.read(bus, owner, signal);
    const { path } = chooseAdapter(objects, wanted, title);
    // Not given up half-way: an adapter that is off serves nobody.
    await setPowered(bus, path, false);
    await setPowered(bus, path, true);
  } catch (error) {
    signal?.throwIfAborted();
    const cause = serviceError(error, title);
    throw new AdapterError(`${title} could not be reset: ${errorTextOf(cause)}`, hintOf(cause), { cause });
  }
}

async function setPowered(bus: SystemBus, path: string, powered: boolean): Promise<void> {
  const body = [interfaces.adapter, 'Powered', new Variant('b', powered)];
  await bus.call(
    { path, interface: interfaces.properties, member: 'Set', signature: 'ssv', body },
    { timeout: SWITCH_TIMEOUT },
  );
}

function hintOf(error: Error): string {
  return error instanceof AdapterError && error.hint ? error.hint : 'bluetoothctl power off, then power on';
}
