import { createHash } from 'node:crypto';
import type { BatteryStatus } from '@ubmsc/session';

/** What tells batteries apart in topics and in Home Assistant; it has `[a-z0-9_-]` only. */
export type BatteryId = string;

/**
 * The identity of a battery: its address without colons, which stays when it gets another name or alias. A bank has
 * that of its name. A simulated battery never shares one with a real battery. Undefined until the address is known.
 */
export function batteryId({
  address,
  device,
  bank,
  simulated,
}: Pick<BatteryStatus, 'address' | 'device' | 'bank' | 'simulated'>): BatteryId | undefined {
  const id = bank ? `bank_${slug(device)}` : address?.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return id === undefined || id === '' ? undefined : `${simulated ? 'sim_' : ''}${id}`;
}

/** A name as a part of a topic. One that has other characters, or is long, gets a part of its hash: two never share one. */
export function slug(name: string): string {
  const safe = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 32);
  return safe !== '' && safe === name ? safe : `${safe === '' ? 'x' : safe}_${hash(name)}`;
}

/** Six hex digits of a text. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
