/** How a record of a JK BMS begins. No other part equals that one: it has the number of the record. */
const BEGINNING = Buffer.from([0x55, 0xaa, 0xeb, 0x90]);

/** Copies come at once, in milliseconds; a battery that sends the same record again takes longer. */
const AT_ONCE = 100;

/**
 * Tells notifications from their copies: bluetoothd tells everybody of a notification as many times as there are programs
 * that asked for it. How many there are shows where a record begins; within it, equal parts may follow each other.
 */
export class DoubledNotifications {
  #previous: Uint8Array | undefined;
  /** When the first one of those that are equal came. */
  #since = -Infinity;
  #times = 0;
  #copies = 1;
  #isBeginning = false;

  /** Takes the next notification, and the time in ms. Returns whether it is a copy of one before. */
  isCopy(value: Uint8Array, now: number): boolean {
    const isEqual = this.#previous !== undefined && Buffer.compare(this.#previous, value) === 0;
    if (isEqual && !(this.#isBeginning && now - this.#since > AT_ONCE)) {
      this.#times++;
      if (this.#isBeginning) this.#copies = this.#times;
      return (this.#times - 1) % this.#copies !== 0;
    }
    this.#previous = value;
    this.#since = now;
    this.#times = 1;
    this.#isBeginning = BEGINNING.equals(value.subarray(0, BEGINNING.length));
    if (this.#isBeginning) this.#copies = 1;
    return false;
  }

  /** Whether those of the latest record came more than once. */
  get areDoubled(): boolean {
    return this.#copies > 1;
  }
}
