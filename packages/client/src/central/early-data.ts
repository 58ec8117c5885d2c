/** What a battery may send before anybody listens, in bytes; more is dropped. */
const MOST = 65_536;

/** Keeps what a battery sends before anybody listens (reference, section 1.4), and hands on what comes from then on. */
export class EarlyData<Item> {
  #early: Item[] = [];
  #length = 0;
  #deliver: ((item: Item) => void) | undefined;

  /** Takes what has `length` bytes. */
  push(item: Item, length: number): void {
    if (this.#deliver) this.#deliver(item);
    else if (this.#length + length <= MOST) {
      this.#length += length;
      this.#early.push(item);
    }
  }

  /** Hands on what was kept, and all that comes. */
  listen(deliver: (item: Item) => void): void {
    this.#deliver = deliver;
    for (const item of this.#early.splice(0)) deliver(item);
  }
}
