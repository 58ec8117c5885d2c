import { print } from '../../output.ts';

/** What is printed, and made only when it is. */
export type MakeText = () => string | Promise<string>;

/** So many texts without a key wait at most; older ones are dropped. */
const MOST_WAITING = 1000;

/**
 * Prints to a reader that may be slow: of the texts with one key only the latest waits, so that a reader that has
 * stopped costs no memory, and gets what is true when it goes on.
 */
export class LatestLines {
  readonly #latest = new Map<string, MakeText>();
  readonly #others: MakeText[] = [];
  #printing: Promise<void> | undefined;
  readonly #failed = new AbortController();
  readonly #write: (text: string) => Promise<void>;

  constructor(write: (text: string) => Promise<void> = print) {
    this.#write = write;
  }

  /** Aborts, with the reason, when something could not be printed. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Prints this, unless a later text with the same key comes before the reader is ready. */
  put(key: string, make: MakeText): void {
    this.#latest.delete(key); // it moves to the end
    this.#latest.set(key, make);
    this.#go();
  }

  /** Prints this in its turn. */
  add(make: MakeText): void {
    this.#others.push(make);
    if (this.#others.length > MOST_WAITING) this.#others.shift();
    this.#go();
  }

  /** Resolves when everything is printed; rejects when something could not be. */
  async done(): Promise<void> {
    while (this.#printing) await this.#printing;
  }

  #go(): void {
    this.#printing ??= this.#print().finally(() => (this.#printing = undefined));
    this.#printing.catch((error: unknown) => this.#failed.abort(error));
  }

  async #print(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) await this.#write(await next());
  }

  #next(): MakeText | undefined {
    const other = this.#others.shift();
    if (other) return other;
    const [entry] = this.#latest;
    if (!entry) return undefined;
    this.#latest.delete(entry[0]);
    return entry[1];
  }
}
