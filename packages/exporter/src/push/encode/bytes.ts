/** Bytes that are written one after the other, in the wire format of Protocol Buffers. */
export class Bytes {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  /** What was written. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): this {
    this.#reserve(10);
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    this.#bytes[this.#length++] = rest;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A field with a length: text, bytes or a message. */
  field(number: number, content: Uint8Array): this {
    return this.varint((number << 3) | 2)
      .varint(content.length)
      .raw(content);
  }

  /**
   * A sample of remote write, as a field: its value is field 1, its time in ms field 2. NaN is written as the staleness
   * marker of Prometheus, a NaN of its own.
   */
  sample(number: number, value: number, time: number): this {
    this.#reserve(32);
    this.#bytes[this.#length++] = (number << 3) | 2;
    this.#bytes[this.#length++] = 10 + varintSize(time);
    this.#bytes[this.#length++] = 9;
    if (Number.isNaN(value)) this.#bytes.writeBigUInt64LE(STALE_NAN, this.#length);
    else this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
    this.#bytes[this.#length++] = 16;
    return this.varint(time);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * (this.#length + more));
    grown.set(this.written);
    this.#bytes = grown;
  }
}

/** https://github.com/prometheus/prometheus/blob/main/model/value/value.go: StaleNaN. */
const STALE_NAN = 0x7ff0_0000_0000_0002n;

/** How long a field of {@link Bytes.sample} is. */
export function sampleSize(time: number): number {
  return 12 + varintSize(time);
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}
