import type { Adapter, Device } from '@ubmsc/client';
import { DeviceNotFoundError } from '@ubmsc/session';
import type { Progress } from '../output.ts';

export interface FindOptions {
  readonly signal: AbortSignal;
  /** In milliseconds. */
  readonly timeout: number;
  readonly progress: Progress;
}

/** A scan for all devices ends when no new one was heard for this long, in milliseconds. */
export const QUIET = 5000;

/**
 * Every JK battery that is heard, until the time is up, or nothing new was heard for a while, or all that the
 * adapter has were heard. Rejects with a DeviceNotFoundError when there is none.
 */
export async function findAll(
  adapter: Adapter,
  { signal, timeout, progress }: FindOptions,
): Promise<Device[]> {
  const found = new Map<string, Device>();
  const quiet = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    progress.show(`${adapter.title}: scanning`);
    for await (const device of adapter.scan({ signal, timeout, until: quiet.signal })) {
      if (device.likelihood !== 'certain') continue;
      found.set(device.address, device);
      progress.show(`${adapter.title}: scanning, heard ${device.name ?? device.address} (${found.size})`);
      if (found.size === adapter.expected) break;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), QUIET);
    }
  } finally {
    clearTimeout(timer);
  }
  if (found.size > 0) return [...found.values()];
  throw new DeviceNotFoundError(
    `no JK battery was heard within ${timeout / 1000} s`,
    'they are held by another program or phone app, switched off, or out of range: a battery in use does not advertise',
  );
}
