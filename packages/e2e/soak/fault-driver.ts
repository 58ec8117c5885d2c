import { faults, parseFaults, type SimulatedDevice } from '@ubmsc/simulator';

/** What faults are given to. */
type Battery = { readonly device: SimulatedDevice };

/** How long a fault lasts, and how long it is until the next one begins, in milliseconds. */
const LASTS = { least: 3000, most: 30_000 };
const REST = { least: 500, most: 4000 };

/** Makes things go wrong with batteries, again and again, until it is disposed of. The same seed makes the same faults. */
export class FaultDriver implements Disposable {
  /** How often each fault was had. */
  readonly had = new Map<string, number>();
  readonly #batteries: readonly Battery[];
  readonly #random: () => number;
  readonly #ends = new Map<Battery, NodeJS.Timeout>();
  #next: NodeJS.Timeout | undefined;

  constructor(batteries: readonly Battery[], seed: number) {
    this.#batteries = batteries;
    this.#random = sequence(seed);
    this.#rest();
  }

  /** From now on all goes well. */
  [Symbol.dispose](): void {
    clearTimeout(this.#next);
    for (const [battery, end] of this.#ends) {
      clearTimeout(end);
      battery.device.setFaults([]);
    }
    this.#ends.clear();
  }

  #rest(): void {
    this.#next = setTimeout(() => {
      this.#begin();
      this.#rest();
    }, this.#between(REST));
  }

  #begin(): void {
    const battery = this.#oneOf(this.#batteries.filter((each) => !this.#ends.has(each)));
    const name = this.#oneOf(Object.keys(faults));
    if (!battery || name === undefined) return;
    this.had.set(name, (this.had.get(name) ?? 0) + 1);
    battery.device.setFaults(parseFaults([name]));
    const end = setTimeout(() => {
      this.#ends.delete(battery);
      battery.device.setFaults([]);
    }, this.#between(LASTS));
    this.#ends.set(battery, end);
  }

  #oneOf<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.#random() * all.length)];
  }

  #between({ least, most }: { readonly least: number; readonly most: number }): number {
    return least + this.#random() * (most - least);
  }
}

/** Numbers from 0 to 1, the same for the same seed: a linear congruential generator, good enough for faults. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
