/** References reach back no further than this, in bytes. */
const BLOCK = 65_536;

const HASH_BITS = 14;

/** Bytes in the block format of Snappy (https://github.com/google/snappy/blob/main/format_description.txt). */
export function snappy(input: Buffer): Buffer {
  const output = Buffer.allocUnsafe(32 + input.length + Math.ceil(input.length / 6));
  const table = new Int32Array(1 << HASH_BITS);
  let length = 0;

  const literal = (from: number, to: number): void => {
    const size = to - from;
    if (size === 0) return;
    if (size <= 60) output[length++] = (size - 1) << 2;
    else {
      output[length++] = 61 << 2;
      length = output.writeUInt16LE(size - 1, length);
    }
    input.copy(output, length, from, to);
    length += size;
  };
  const copy = (offset: number, size: number): void => {
    // A copy has 64 bytes at most, and the short form 4 at least.
    for (let rest = size; rest > 0;) {
      const part = rest > 67 ? 64 : rest > 64 ? 60 : rest;
      if (part < 12 && part > 3 && offset < 2048) {
        output[length++] = ((offset >> 8) << 5) | ((part - 4) << 2) | 1;
        output[length++] = offset & 255;
      } else {
        output[length++] = ((part - 1) << 2) | 2;
        length = output.writeUInt16LE(offset, length);
      }
      rest -= part;
    }
  };

  for (let rest = input.length; ; rest = Math.floor(rest / 128)) {
    output[length++] = rest > 127 ? (rest % 128) | 128 : rest;
    if (rest <= 127) break;
  }
  for (let start = 0; start < input.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, input.length);
    table.fill(-1);
    let pending = start;
    for (let at = start, misses = 32; at + 4 <= end;) {
      const word = input.readInt32LE(at);
      const slot = Math.imul(word, 0x1e35_a7bd) >>> (32 - HASH_BITS);
      const before = table[slot] ?? -1;
      table[slot] = at;
      if (before < 0 || input.readInt32LE(before) !== word) {
        at += misses++ >> 5;
        continue;
      }
      let size = 4;
      while (at + size < end && input[before + size] === input[at + size]) size++;
      literal(pending, at);
      copy(at - before, size);
      at += size;
      pending = at;
      misses = 32;
    }
    literal(pending, end);
  }
  return output.subarray(0, length);
}
