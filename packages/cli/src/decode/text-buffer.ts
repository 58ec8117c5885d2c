/** How many octets it has at first; it grows as it is filled. */
const INITIAL = 65_536;

/** Most octets that a UTF-16 code unit takes in UTF-8. */
const WIDEST = 3;

/** A text that grows piece by piece, kept outside of the heap: thousands of strings that live long cost more than to print them. */
export class TextBuffer {
  #octets = Buffer.allocUnsafe(INITIAL);
  #length = 0;

  add(text: string): void {
    const most = this.#length + WIDEST * text.length;
    if (most > this.#octets.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, 2 * this.#octets.length));
      this.#octets.copy(larger, 0, 0, this.#length);
      this.#octets = larger;
    }
    this.#length += this.#octets.write(text, this.#length, 'utf8');
  }

  /** The whole text; it is empty after that. */
  take(): string {
    const text = this.#octets.toString('utf8', 0, this.#length);
    this.#length = 0;
    return text;
  }
}
