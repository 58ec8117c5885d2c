import type { BatteryStatus } from '@ubmsc/session';

/**
 * What a battery is called in files that outlive the process: its address, such as `C8-47-80-00-00-01`; undefined until
 * that is known. A simulated one never shares it with a real one. Safe as the name of a file.
 */
export function batteryKey({
  address,
  simulated,
  bank,
  device,
}: Pick<BatteryStatus, 'address' | 'simulated' | 'bank' | 'device'>): string | undefined {
  const name = bank ? `bank ${device}` : address;
  if (name === undefined) return undefined;
  return `${simulated ? 'simulated-' : ''}${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 64)}`;
}
