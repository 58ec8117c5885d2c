import { log, tryLock } from '@ubmsc/base';
import type { DevicePlace } from './device-place.ts';

/**
 * The right to ask for the notifications of a device. One ubmsc program on the machine has it, whichever user runs it. It
 * becomes free when that program ends, even if it is killed.
 */
export class Turn {
  readonly #place: DevicePlace;
  #name: string | undefined;
  #lock: AsyncDisposable | undefined;

  constructor(place: DevicePlace) {
    this.#place = place;
  }

  /** Takes the turn unless another ubmsc program has it. If no lock can be taken, every program has the turn. */
  async take(): Promise<boolean> {
    try {
      this.#lock ??= await tryLock(await this.#findName());
      return this.#lock !== undefined;
    } catch (error) {
      log('debug', 'bluez', () => `${this.#place.title} cannot be locked: ${String(error)}`);
      return true;
    }
  }

  /** Leaves the turn to others. */
  release(): void {
    void this.#lock?.[Symbol.asyncDispose]();
    this.#lock = undefined;
  }

  /** The name includes the bus: on each bus another bluetoothd uses the same device paths. */
  async #findName(): Promise<string> {
    if (this.#name === undefined) {
      const [bus] = await this.#place.bus.daemon('GetId');
      this.#name = `${String(bus)}${this.#place.device}`;
    }
    return this.#name;
  }
}
