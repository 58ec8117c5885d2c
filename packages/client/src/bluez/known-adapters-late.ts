import type { KnownAdapter } from './known-adapters.ts';

export type { KnownAdapter };

/** {@link import('./known-adapters.ts').knownAdapters}, whose library is loaded only when it is called. */
export async function knownAdapters(signal?: AbortSignal): Promise<readonly KnownAdapter[]> {
  const bluez = await import('./known-adapters.ts');
  return await bluez.knownAdapters(signal);
}
