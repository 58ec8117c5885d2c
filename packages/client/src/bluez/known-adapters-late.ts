import type { KnownAdapter } from './known-adapters.ts';

export type { KnownAdapter };

/** The adapters that bluetoothd knows; its library is loaded only when this is called. */
export async function knownAdapters(signal?: AbortSignal): Promise<readonly KnownAdapter[]> {
  const bluez = await import('./known-adapters.ts');
  return await bluez.knownAdapters(signal);
}
