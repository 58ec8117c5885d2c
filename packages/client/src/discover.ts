import { anySignal } from '@ubmsc/base';
import type { Adapter, ScanOptions } from './adapter.ts';
import type { Device } from './device.ts';

/** Which devices are looked for, and when it is enough. */
export interface DiscoverOptions extends ScanOptions {
  /** Which devices are wanted; certain JK batteries when left out. */
  readonly accepts?: ((device: Device) => boolean) | undefined;
  /** Ends when nothing new was received for this time, in milliseconds, after the first device. */
  readonly quiet?: number | undefined;
  /** Called with the number of wanted devices that were received so far, and the latest of them. */
  readonly onReceived?: ((count: number, device: Device) => void) | undefined;
}

/**
 * Devices as they are found, each once: as soon as its name is known, or without one at the end. Names come in packets
 * of their own, and some devices have none. Ends early when the names of all batteries of the adapter are known.
 */
export async function* discover(
  adapter: Adapter,
  { accepts = isCertain, quiet, onReceived, ...options }: DiscoverOptions = {},
): AsyncGenerator<Device, void, undefined> {
  const named = new Set<string>();
  const nameless = new Map<string, Device>();
  using ending = anySignal(options.until);
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const device of adapter.scan({ ...options, until: ending.signal })) {
      if (!accepts(device) || named.has(device.address)) continue;
      if (device.name === undefined) {
        nameless.set(device.address, device);
      } else {
        named.add(device.address);
        nameless.delete(device.address);
      }
      onReceived?.(named.size + nameless.size, device);
      if (quiet !== undefined) {
        clearTimeout(timer);
        timer = setTimeout(() => ending.abort(), quiet);
      }
      if (device.name !== undefined) yield device;
      if (named.size === adapter.expected) return;
    }
    yield* nameless.values();
  } finally {
    clearTimeout(timer);
  }
}

function isCertain({ likelihood }: Device): boolean {
  return likelihood === 'certain';
}
