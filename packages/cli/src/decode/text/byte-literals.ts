/**
 * Bytes of the string literals in a line, as Python and C print bytes: `bytearray(b'U\xaa\xeb\x90')`, `"\x55\xaa"`,
 * or hexadecimal text in `b'55aaeb90'`. Undefined when the line has none. What seems to be quoted or
 * hexadecimal may be a text of the battery: with `isPlain` it is taken as it stands.
 */
export function literalBytes(line: string, isPlain = false): number[] | undefined {
  const found: number[] = [];
  let any = false;
  for (let at = 0; at < line.length;) {
    const quote = nextQuote(line, at);
    if (quote === undefined) break;
    const end = closing(line, quote);
    if (end === undefined) break;
    const bytes = bytesOf(
      line.slice(quote + 1, end),
      /(bytearray\()?\bb$/i.exec(line.slice(Math.max(0, quote - 12), quote)),
      isPlain,
    );
    if (bytes) {
      any = true;
      for (const byte of bytes) found.push(byte);
    }
    at = end + 1;
  }
  return any ? found : undefined;
}

/** How a byte is escaped within text: what stands for it, and the radix of its digits. */
const escapings = {
  hexadecimal: ['\\\\x\\{?([0-9a-f]{2})(?:(?<=\\{..)\\})?', 16],
  octal: ['\\\\([0-3][0-7]{2})', 8],
  'unpadded octal': ['\\\\([0-3]?[0-7]{1,2})', 8],
  decimal: ['\\\\([0-2]\\d{2})', 10],
  'code point': ['\\\\u00([0-9a-f]{2})', 16],
  percent: ['%([0-9a-f]{2})', 16],
  reference: ['&#x([0-9a-f]{2});', 16],
} as const;

const compiled = Object.entries(escapings).map(([name, [escape, radix]]) => ({
  name,
  radix,
  // Some languages have a shorter one for zero.
  many: new RegExp(`(?:(?:${escape}|\\\\0).*){4}`, 'i'),
  each: new RegExp(`${escape}|\\\\(.)|[^]`, 'gi'),
}));

/**
 * Bytes of texts in a line whose unusual characters are escaped, for each way to escape them: of its string literals, or
 * of its words. Which way is right, and whether they are bytes at all, the line does not say.
 */
export function escapedBytes(line: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  if (!/[\\%&]/.test(line)) return found;
  for (const { name, radix, many, each } of compiled) {
    if (!many.test(line)) continue;
    const contents = [...contentsOf(line), ...line.split(/\s+/)];
    const content = contents.find((text) => many.test(text));
    if (content === undefined) continue;
    const bytes = Array.from(content.matchAll(each), ([text, digits, letter]) =>
      digits === undefined ? characterOf(letter, text) : parseInt(digits, radix) & 0xff,
    );
    found.set(`${name} escapes`, bytes);
  }
  return found;
}

/** What stands between quotes. */
function* contentsOf(line: string): Iterable<string> {
  for (let at = 0; at < line.length;) {
    const quote = nextQuote(line, at);
    const end = quote === undefined ? undefined : closing(line, quote);
    if (quote === undefined || end === undefined) return;
    yield line.slice(quote + 1, end);
    at = end + 1;
  }
}

function nextQuote(line: string, from: number): number | undefined {
  for (let at = from; at < line.length; at++) if (line[at] === "'" || line[at] === '"') return at;
  return undefined;
}

function closing(line: string, quote: number): number | undefined {
  for (let at = quote + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === line[quote]) return at;
  }
  return undefined;
}

/** What may be words of a sentence is not taken for bytes without another sign that it is. */
function bytesOf(content: string, prefix: RegExpExecArray | null, isPlain: boolean): number[] | undefined {
  if (prefix && !isPlain && /^(?:[0-9a-f]{2}){4,}$/i.test(content)) return [...Buffer.from(content, 'hex')];
  const escaped = prefix ? content.includes('\\') : /\\x[0-9a-f]{2}/i.test(content);
  if (!escaped && prefix?.[1] === undefined) return undefined;
  // A log that quotes what it prints has each backslash twice.
  const isQuoted = !isPlain && /\\\\x[0-9a-f]{2}/i.test(content) && !/(?<!\\)\\(?:\\\\)*(?!\\)/.test(content);
  return unescape(isQuoted ? content.replaceAll('\\\\', '\\') : content);
}

const escapes: Readonly<Record<string, number>> = {
  0: 0,
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
};

function unescape(content: string): number[] {
  return [...content.matchAll(/\\x([0-9a-f]{2})|\\([0-7]{1,3})|\\(.)|[^\\]/gis)].map(
    ([text, hex, octal, letter]) => {
      if (hex !== undefined) return parseInt(hex, 16);
      if (octal !== undefined) return parseInt(octal, 8) & 0xff;
      return characterOf(letter, text);
    },
  );
}

/** The byte of a character that stands for itself, or of the letter after a backslash. */
function characterOf(letter: string | undefined, text: string): number {
  return (letter === undefined ? undefined : escapes[letter]) ?? (letter ?? text).charCodeAt(0) & 0xff;
}
