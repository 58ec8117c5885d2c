/** A set of whole numbers from 1, kept as ranges: delivered entries are few of these, whatever the order is. */
export class IdRanges {
  #ranges: (readonly [first: number, last: number])[] = [];

  /** @throws Error the text is not that of {@link toString}. */
  static parse(text: string): IdRanges {
    const parsed = new IdRanges();
    for (const range of text === '' ? [] : text.split(',')) {
      const [, start, end = start] = /^([1-9]\d*)(?:-(\d+))?$/.exec(range) ?? [];
      const [first, last] = [Number(start), Number(end)];
      if (!(last >= first)) throw new Error(`not a range: ${range}`);
      parsed.#ranges.push([first, last]);
    }
    return parsed;
  }

  /** The highest; 0 when empty. */
  get last(): number {
    return this.#ranges.at(-1)?.[1] ?? 0;
  }

  has(id: number): boolean {
    return this.#ranges.some(([first, last]) => id >= first && id <= last);
  }

  add(ids: readonly number[]): void {
    const all = [...this.#ranges, ...ids.map((id) => [id, id] as const)];
    this.#ranges = [];
    for (const [first, last] of all.toSorted(([one], [other]) => one - other)) {
      const before = this.#ranges.at(-1);
      if (before && first <= before[1] + 1) {
        this.#ranges[this.#ranges.length - 1] = [before[0], Math.max(before[1], last)];
      } else this.#ranges.push([first, last]);
    }
  }

  /** Forgets the gaps below an id: nothing waits there. */
  fillBelow(id: number): void {
    if (id <= 1) return;
    this.#ranges = [[1, id - 1], ...this.#ranges.filter(([, last]) => last >= id)];
    this.add([]);
  }

  /** `1-40,57-60`. */
  toString(): string {
    return this.#ranges
      .map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
      .join(',');
  }
}
