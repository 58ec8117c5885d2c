const digits = new TextEncoder().encode('0123456789abcdef');
const decoder = new TextDecoder();

/** Lower-case hexadecimal digits, without separators. */
export function toHex(bytes: Uint8Array): string {
  // Text that grows digit by digit takes several times as long.
  const text = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    text[2 * at] = digits[byte >> 4] ?? 0;
    text[2 * at + 1] = digits[byte & 0xf] ?? 0;
  }
  return decoder.decode(text);
}

/** Bytes of lower-case hexadecimal digits without separators; the caller has checked that they are. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = (valueOf(text.charCodeAt(2 * at)) << 4) | valueOf(text.charCodeAt(2 * at + 1));
  return bytes;
}

/** Of a digit from 0 to 9 or a to f, by its code in ASCII. */
function valueOf(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** Bytes as `55 aa eb 90`. */
export function toSpacedHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
