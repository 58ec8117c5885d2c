/** Names of labels with their values. */
export type Labels = Readonly<Record<string, string>>;

/**
 * The series of one metric that are told of together, such as those of one device, as lines of a page. What was written
 * is kept: most values are the same on the next page, and with a hundred batteries a page has twenty thousand lines.
 */
export class Lines {
  readonly #name: string;
  readonly #labelsOf: (index: number) => Labels;
  /** What stands before each value: `cell_voltage{device="house",cell="0"} `. */
  readonly #leads: string[] = [];
  /** NaN where there is no series. */
  #values: number[] = [];
  #text: string | undefined = '';

  /** @param labelsOf labels of a series by its index */
  constructor(name: string, labelsOf: (index: number) => Labels) {
    this.#name = name;
    this.#labelsOf = labelsOf;
  }

  /** Takes the values of this many series; one of which the value is not a finite number is left out. */
  set(count: number, valueOf: (index: number) => number | undefined): this {
    const values = this.#values;
    if (values.length !== count) {
      values.length = Math.min(values.length, count);
      this.#text = undefined;
    }
    for (let index = 0; index < count; index++) {
      const value = finite(valueOf(index));
      if (Object.is(values[index], value)) continue;
      values[index] = value;
      this.#text = undefined;
    }
    return this;
  }

  /** A line end and a line for each series, as {@link utf8}; empty without series. */
  get text(): string {
    if (this.#text !== undefined) return this.#text;
    const parts: string[] = [];
    for (const [index, value] of this.#values.entries()) {
      if (!Number.isNaN(value)) parts.push(this.#lead(index), String(value));
    }
    // Joined, it is one piece of memory; put together with +, it would be a tree that is walked at each page.
    return (this.#text = parts.join(''));
  }

  *series(): Iterable<{ readonly labels: Labels; readonly value: number }> {
    for (const [index, value] of this.#values.entries()) {
      if (!Number.isNaN(value)) yield { labels: this.#labelsOf(index), value };
    }
  }

  #lead(index: number): string {
    return (this.#leads[index] ??= utf8(`\n${this.#name}${textOf(this.#labelsOf(index))} `));
  }
}

/** A float field may hold garbage that is not a number; it must not take the whole page with it. */
function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
}

function textOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/**
 * Text as the bytes of its UTF-8, one character each. A single character beyond Latin-1, as in the help of some metrics,
 * would make each character of the whole page take two bytes, and joining and sending it twice as long.
 */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}
