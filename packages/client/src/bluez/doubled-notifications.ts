/** How many different values in a row come more than once before it cannot be a coincidence. */
const ENOUGH = 4;

/**
 * Notices that each notification comes more than once: bluetoothd tells everybody of a notification as many times as
 * there are programs that asked for it.
 */
export class DoubledNotifications {
  #previous: Uint8Array | undefined;
  #times = 0;
  #repeated = 0;

  /** Takes the next notification. Returns whether the latest ones came more than once each. */
  observe(value: Uint8Array): boolean {
    if (this.#previous && Buffer.compare(this.#previous, value) === 0) {
      this.#times++;
      return false;
    }
    this.#repeated = this.#times > 1 ? this.#repeated + 1 : 0;
    this.#previous = value;
    this.#times = 1;
    return this.#repeated >= ENOUGH;
  }
}
