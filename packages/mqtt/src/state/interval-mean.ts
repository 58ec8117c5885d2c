import { roundTo, type Reading } from '@ubmsc/protocol';

/**
 * Collects the readings of an interval: power and current are their mean there, everything else is the latest. While the
 * latest is in doubt, all of it is as it came.
 */
export class IntervalMean {
  #latest: Reading | undefined;
  #count = 0;
  #power = 0;
  #current = 0;

  add(reading: Reading): void {
    this.#latest = reading;
    const { batteryPower, batteryCurrent, doubt } = reading;
    // What is in doubt is shown, and is in no mean.
    if (doubt !== undefined || batteryPower === null || batteryCurrent === null) return;
    this.#count++;
    this.#power += batteryPower;
    this.#current += batteryCurrent;
  }

  /** Ends the interval: its reading, undefined when there was none. */
  take(): Reading | undefined {
    const latest = this.#latest;
    const mean = (sum: number): number => roundTo(sum / this.#count, 1000);
    const reading =
      latest && latest.doubt === undefined && this.#count > 1
        ? { ...latest, batteryPower: mean(this.#power), batteryCurrent: mean(this.#current) }
        : latest;
    this.#latest = undefined;
    this.#count = 0;
    this.#power = 0;
    this.#current = 0;
    return reading;
  }
}
