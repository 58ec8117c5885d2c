import { serviceError } from './bluez-errors.ts';
import { isPowered, nameOf } from './choose-adapter.ts';
import { findBluetoothd } from './find-bluetoothd.ts';
import { interfaces } from './names.ts';
import { BluezObjects } from './objects.ts';
import { SystemBus } from './system-bus.ts';

/** An adapter that bluetoothd has. */
export interface KnownAdapter {
  /** Such as `hci0`. */
  readonly name: string;
  readonly isPowered: boolean;
}

/**
 * The adapters that bluetoothd has. Rejects with an AdapterError when there is no bus, when it
 * refuses, or when bluetoothd does not run.
 */
export async function knownAdapters(signal?: AbortSignal): Promise<readonly KnownAdapter[]> {
  using bus = await SystemBus.open(signal);
  try {
    const owner = await findBluetoothd(bus, signal);
    using objects = await BluezObjects.read(bus, owner, signal);
    return objects
      .having(interfaces.adapter)
      .map(([path, properties]) => ({ name: nameOf(path), isPowered: isPowered(properties) }));
  } catch (error) {
    signal?.throwIfAborted();
    throw serviceError(error);
  }
}
