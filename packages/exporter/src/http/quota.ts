/** Limits how much work of one kind goes on at once, so that it cannot take what other work needs. */
export class Quota {
  readonly #most: number;
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work; undefined without having begun when as much as may be goes on already. */
  async run<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    if (this.#running >= this.#most) return undefined;
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
    }
  }
}
