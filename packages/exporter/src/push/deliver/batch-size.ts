/** Samples and bytes of a batch, at least and at most. */
const LIMITS = { least: 20, most: 20_000, bytes: 1_000_000 };

/** Where it begins: about a page of three batteries a hundred times, or 50 kB. */
const FIRST = 2000;

/** A batch that took less than this lets the next one be larger, one that took more than that smaller, in milliseconds. */
const QUICK = 2000;
const SLOW = 8000;

/** How many samples are sent at once: as many as the way there has carried in a short time. */
export class BatchSize {
  #samples = FIRST;
  #bytesPerSample = 10;

  get samples(): number {
    const fits = Math.floor(LIMITS.bytes / this.#bytesPerSample);
    return Math.max(LIMITS.least, Math.min(this.#samples, fits));
  }

  /** A batch was answered. */
  carried(samples: number, bytes: number, time: number): void {
    if (samples > 0) this.#bytesPerSample += (bytes / samples - this.#bytesPerSample) / 4;
    const isFull = samples >= this.samples / 2;
    if (time < QUICK && isFull) this.#samples = Math.min(2 * this.samples, LIMITS.most);
    else if (time > SLOW) this.#samples = Math.max(Math.floor(samples / 2), LIMITS.least);
  }

  /** A batch of this many samples did not get through, or was too large. */
  stuck(samples: number): void {
    this.#samples = Math.max(Math.floor(Math.min(samples, this.samples) / 2), LIMITS.least);
  }
}
