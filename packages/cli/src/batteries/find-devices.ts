import { discover, type Adapter, type Device } from '@ubmsc/client';
import { DeviceNotFoundError } from '@ubmsc/session';
import type { Progress } from '../output.ts';

export interface FindOptions {
  readonly signal: AbortSignal;
  /** In milliseconds. */
  readonly timeout: number;
  readonly progress: Progress;
}

/** A scan for all devices ends when no new one was received for this time, in milliseconds. */
const QUIET = 5000;

/**
 * Every JK battery that is received, until the time is up, or nothing new was received for a while, or all that the
 * adapter has were received. Rejects with a DeviceNotFoundError when there is none.
 */
export async function findAll(
  adapter: Adapter,
  { signal, timeout, progress }: FindOptions,
): Promise<Device[]> {
  const found: Device[] = [];
  const onReceived = (count: number, { name, address }: Device): void =>
    progress.show(`${adapter.title}: scanning, found ${name ?? address} (${count})`);
  progress.show(`${adapter.title}: scanning`);
  for await (const device of discover(adapter, { signal, timeout, quiet: QUIET, onReceived }))
    found.push(device);
  if (found.length > 0) return found;
  throw nothingFound(` within ${timeout / 1000} s`);
}

/** What is said where no battery is received; `when` is how long that took. */
export function nothingFound(when = ''): DeviceNotFoundError {
  return new DeviceNotFoundError(
    `no JK battery was found${when}`,
    'they are held by another program or phone app, switched off, or out of range: a battery in use does not advertise',
  );
}
