/** A map of `size` bytes from ranges such as `01-24 28 2B`, whose bit n is set when n is in a range. */
export function flagsFromRanges(ranges: string, size: number, radix: 10 | 16): Uint8Array {
  const flags = new Uint8Array(size);
  for (const range of ranges.split(' ')) {
    const [first = 0, last = first] = range.split('-').map((number) => Number.parseInt(number, radix));
    for (let bit = first; bit <= last; bit++) flags[bit >> 3] = (flags[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return flags;
}

const read = new Map<string, Uint8Array>();

/** The bytes of a map in hexadecimal, which is read once: every record has it. Do not write to them. */
export function flagsFromHex(hex: string): Uint8Array {
  let flags = read.get(hex);
  if (!flags) read.set(hex, (flags = Uint8Array.from(Buffer.from(hex, 'hex'))));
  return flags;
}
