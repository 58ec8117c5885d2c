/** A reading is never stale before this age, in milliseconds. */
const LEAST = 10_000;

/** A reading is stale after this many times the usual time between two of them. */
const PERIODS = 3;

/** The usual time is the median of this many: it follows a change soon, and one pause does not move it. */
const MEMORY = 9;

/** Learns how often readings come, and from that after what age one is stale. */
export class Cadence {
  #last: number | undefined;
  readonly #intervals: number[] = [];

  /** A reading came at `time`, in milliseconds of a clock that never steps back. */
  observe(time: number): void {
    if (this.#last !== undefined) this.#intervals.push(time - this.#last);
    if (this.#intervals.length > MEMORY) this.#intervals.shift();
    this.#last = time;
  }

  /** The age after which a reading is stale, in milliseconds: three times the seen cadence, at least 10 s. */
  get staleAfter(): number {
    const middle = this.#intervals.toSorted((a, b) => a - b)[this.#intervals.length >> 1] ?? 0;
    return Math.max(LEAST, PERIODS * middle);
  }
}
