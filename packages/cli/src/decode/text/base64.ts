/** Bytes that a part of a line shows in base64. */
export interface Base64Token {
  /** Where in the line it begins. */
  readonly index: number;
  /** Long enough, or padded: no word of a sentence. */
  readonly isLong: boolean;
  readonly bytes: readonly number[];
}

/** Fewer characters without padding are rather a word, unless the line has nothing else. */
const FEWEST = 20;

const token = /(?<![a-z0-9+/_-])[a-z0-9+/_-]{4,}={0,2}(?![a-z0-9+/=_-])/gi;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const alone = /^\W*[a-z0-9+/_-]+={0,2}\W*$/i;

/**
 * Every part of a line that may be bytes in base64 (RFC 4648), padded or not, with either alphabet. A long word may be
 * one: whether it is data is told by the messages that come of it. JSON of some libraries escapes `/` and `=`.
 */
export function base64Tokens(line: string): Base64Token[] {
  const text = line
    .replaceAll('\\/', '/')
    .replaceAll(/\\u00([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const isAlone = alone.test(text);
  return Array.from(text.matchAll(token)).flatMap(({ 0: found, index }) => {
    const isLong = found.length >= FEWEST || found.endsWith('=');
    const isWhole = isLong ? found.replace(/=+$/, '').length % 4 !== 1 : isAlone && found.length % 4 === 0;
    if (!isWhole || uuid.test(found)) return [];
    return [{ index, isLong, bytes: [...Buffer.from(found, 'base64')] }];
  });
}
