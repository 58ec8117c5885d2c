import { log, tryLock } from '@ubmsc/base';
import type { DevicePlace } from './device-place.ts';

/**
 * The turn to ask for the notifications of a device. One program of ours has it on the whole machine, whoever runs it,
 * and it is free when that program ends, however it ends.
 */
export class Turn {
  readonly #place: DevicePlace;
  #name: string | undefined;
  #lock: AsyncDisposable | undefined;

  constructor(place: DevicePlace) {
    this.#place = place;
  }

  /** Takes the turn, unless another program of ours has it. Where no lock can be taken, everybody has the turn. */
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

  /** The bus is part of it: each has a bluetoothd of its own, which calls devices the same. */
  async #findName(): Promise<string> {
    if (this.#name === undefined) {
      const [bus] = await this.#place.bus.daemon('GetId');
      this.#name = `${String(bus)}${this.#place.device}`;
    }
    return this.#name;
  }
}
