/** A longer line is taken in pieces; bounds the memory and the time that a line can take. */
const LONGEST_LINE = 16_384;

/** Cuts a text into lines. Memory is bounded: a line without an end is given in pieces, with no byte cut apart. */
export class Lines {
  #rest = '';

  /** Takes the next piece of the text and returns the lines that it completes. */
  push(text: string): string[] {
    const complete: string[] = [];
    const lines = text.includes('\r') ? text.split(/\r\n|[\r\n]/) : text.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      this.#extend(line, complete);
      complete.push(this.#rest);
      this.#rest = '';
    }
    this.#extend(last, complete);
    return complete;
  }

  #extend(text: string, complete: string[]): void {
    this.#rest += text;
    while (this.#rest.length > LONGEST_LINE) {
      const cut = cutAt(this.#rest.slice(0, LONGEST_LINE));
      complete.push(this.#rest.slice(0, cut));
      this.#rest = this.#rest.slice(cut);
    }
  }

  /** Ends the text and returns a last line without an end. */
  end(): string[] {
    const last = this.#rest;
    this.#rest = '';
    return [last];
  }
}

/** Where a long line can be cut without taking a byte apart. */
function cutAt(text: string): number {
  let boundary = text.length - 1;
  while (boundary > 0 && isDigit(text[boundary])) boundary--;
  if (boundary > text.length / 2) return boundary;
  // Digits without an end.
  const start = boundary === 0 && isDigit(text[0]) ? 0 : boundary + 1;
  return text.length - ((text.length - start) % DIGITS);
}

/** So many digits are whole bytes in every notation: two in hexadecimal, four in base64. */
const DIGITS = 4;

/** In hexadecimal or in base64. */
function isDigit(character = ''): boolean {
  return /[0-9a-z+/_]/i.test(character);
}
