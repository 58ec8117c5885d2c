import { textOf } from './properties.ts';
import type { SystemBus } from './system-bus.ts';

/** Name of bluetoothd on the bus. */
export const SERVICE = 'org.bluez';

/** Unique name of the bluetoothd that runs. Rejects with a DBusError when none does: it is not started. */
export async function findBluetoothd(bus: SystemBus, signal?: AbortSignal): Promise<string> {
  const [owner] = await bus.daemon('GetNameOwner', SERVICE, signal);
  return textOf(owner) ?? '';
}
