import type { BluezObjects } from './objects.ts';
import type { SystemBus } from './system-bus.ts';

/** A device, and the bluetoothd that has it. */
export interface DevicePlace {
  readonly bus: SystemBus;
  readonly objects: BluezObjects;
  /** Path of the device. */
  readonly device: string;
  readonly title: string;
  /** Aborts when bluetoothd or its adapter is gone. */
  readonly gone: AbortSignal;
}
