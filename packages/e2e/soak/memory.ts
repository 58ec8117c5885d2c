/** Takes the heap after each garbage collection, in bytes. */
export class Heap {
  readonly #samples: number[] = [];

  /** Node has to be started with `--expose-gc`. */
  sample(): void {
    const { gc } = globalThis;
    if (!gc) throw new Error('start Node with --expose-gc');
    gc();
    gc();
    this.#samples.push(process.memoryUsage().heapUsed);
  }

  /** Median of the first and of the last third of the samples, in bytes. */
  get ends(): { readonly first: number; readonly last: number } {
    const third = Math.max(1, Math.floor(this.#samples.length / 3));
    return { first: median(this.#samples.slice(0, third)), last: median(this.#samples.slice(-third)) };
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
