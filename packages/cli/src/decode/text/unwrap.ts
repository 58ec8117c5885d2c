import { Lines } from './lines.ts';

/** A terminal that is narrower is not copied from. */
const NARROWEST = 32;

/** What programs for mail put before each line of a text that they quote. */
const QUOTE = /^(?:> ?)+/;

/**
 * Joins the lines that a terminal has cut: those that are as long as the longest go on in the next one. One that ends
 * just there is joined with the next, too. A very long one comes in pieces.
 */
export class Unwrap {
  #width = NARROWEST;
  #isOpen = false;
  /** What stands before each line of a text that is quoted. */
  #quote = '';
  readonly #lines = new Lines();

  /** Which share of lines is as long as the longest, of which there are at least two; else 0. */
  static shareOfFull(lines: readonly string[]): number {
    const width = lines.reduce((longest, { length }) => Math.max(longest, length), NARROWEST);
    const full = lines.filter(({ length }) => length === width).length;
    return full > 1 ? full / lines.length : 0;
  }

  /** Takes the next line and returns the joined ones that it ends. */
  push(line: string): readonly string[] {
    const isCut = line.length >= this.#width;
    if (!isCut && !this.#isOpen) return [line];
    if (isCut) this.#width = line.length;
    if (!this.#isOpen) this.#quote = QUOTE.exec(line)?.[0] ?? '';
    const isQuoted = this.#isOpen && line.startsWith(this.#quote);
    const text = isQuoted ? line.slice(this.#quote.length) : line;
    this.#isOpen = isCut;
    return this.#lines.push(isCut ? text : `${text}\n`);
  }

  /** Ends the text and returns what is in a line without an end. */
  end(): readonly string[] {
    return this.#isOpen ? this.#lines.end() : [];
  }
}
