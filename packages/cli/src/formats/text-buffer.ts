/** How many octets it has at first; it grows as it is filled. */
const INITIAL = 65_536;

/** Most octets that a UTF-16 code unit takes in UTF-8. */
const WIDEST = 3;

/** Shorter texts are written character by character: to call `write` would take longer. */
const SHORT = 64;

/** A text that grows piece by piece, kept outside of the heap: thousands of strings that live long cost more than to print them. */
export class TextBuffer {
  #octets = Buffer.allocUnsafeSlow(INITIAL);
  #view = new DataView(this.#octets.buffer);
  /** How many octets it has. */
  length = 0;

  /** Its octets, for those who write them; there is room for as many as {@link reserve} was asked for. */
  get view(): DataView {
    return this.#view;
  }

  /** Makes room for this number of octets more. */
  reserve(octets: number): void {
    const most = this.length + octets;
    if (most <= this.#octets.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(most, 2 * this.#octets.length));
    this.#octets.copy(larger, 0, 0, this.length);
    this.#octets = larger;
    this.#view = new DataView(larger.buffer);
  }

  add(text: string): void {
    this.reserve(WIDEST * text.length);
    if (text.length > SHORT || !this.#addAscii(text))
      this.length += this.#octets.write(text, this.length, 'utf8');
  }

  /** Adds a text as JSON has it, in quotes. */
  addQuoted(text: string): void {
    if (text.length > SHORT || !isPlain(text)) {
      this.add(JSON.stringify(text));
      return;
    }
    this.reserve(text.length + 2);
    this.#view.setUint8(this.length++, QUOTE);
    this.#addAscii(text);
    this.#view.setUint8(this.length++, QUOTE);
  }

  /** Returns whether the text was of ASCII, and is added. */
  #addAscii(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      this.#view.setUint8(this.length + index, code);
    }
    this.length += text.length;
    return true;
  }

  /** What it has; it is overwritten by what is added after {@link clear}. */
  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.length);
  }

  /** Forgets its text and keeps its room. */
  clear(): void {
    this.length = 0;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a text needs no escapes in JSON. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
}
