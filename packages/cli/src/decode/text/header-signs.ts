import { FRAME_HEADER, REQUEST_HEADER } from '@ubmsc/protocol';

const headers = [FRAME_HEADER, REQUEST_HEADER].map(
  ([first = 0, second = 0, third = 0, last = 0]) => [first, second, third, last] as const,
);

/** Whether a header is in these bytes. */
export function hasHeader(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return headers.some((header) => buffer.includes(Buffer.from(header)));
}

/** Whether these bytes end with a header, but for its last byte. */
export function endsInHeader(bytes: Uint8Array): boolean {
  const end = bytes.subarray(-3);
  return end.length === 3 && headers.some((header) => end.every((byte, index) => byte === header[index]));
}

/** Whether these bytes may be the rest of a header, of two bytes or three, or its middle. */
export function goesOn(bytes: Uint8Array): boolean {
  return headers.some(
    ([, second, third, last]) =>
      (bytes[0] === second && bytes[1] === third && (bytes[2] ?? last) === last) ||
      (bytes[0] === third && (bytes[1] ?? last) === last),
  );
}

/**
 * Whether a line may show a header in any notation of `readings`: three of its bytes side by side, the last two where
 * bytes begin, or the third where they end. Few lines of other data do, and to tell it takes a small part of the time
 * that all readings take.
 */
export function mayShowHeader(line: string): boolean {
  return inDigits.test(line) || inBase64.test(line);
}

/** What may stand between two bytes: marks, and what languages, pages and terminals put around each of them. */
const BETWEEN =
  '(?:[^0-9a-f]|<[^<>]{0,80}>|\\u001b\\[[0-9;]*[a-z]|"\\d{1,3}":|0x|u00|u8|byte|nbsp|b(?=[\'"])){0,16}?';

const MARK = '[ \\t]{0,3}[,;:.-]?[ \\t]{0,3}(?:0x)?';

/** Where hexadecimal bytes may begin: at most three others stand before them on the line. */
const BEGIN = `(?<![0-9a-f](?<!u00)|(?<![0-9a-z])(?:[0-9a-f]{2}${MARK}(?<![0-9a-f])){4})`;

/** Where they end. */
const END = `h?(?![0-9a-z]|${MARK}(?:[0-9a-f]{2})+(?![0-9a-z]))`;

/** How a byte is written in digits: in hexadecimal, in decimal, with a sign, in octal. */
const spellings: readonly ((byte: number) => string)[] = [
  hex,
  (byte) => alone(`${byte}`),
  (byte) => alone(`${256 - byte}`),
  (byte) => alone(byte.toString(8)),
];

/** What stands before a byte is looked at after it: an alternative that begins with a character is passed over quickly. */
const inDigits = anyOf(
  'i',
  headers.flatMap(([first, second, third, last]) => [
    ...spellings.flatMap((spell) => {
      // In text whose unusual characters are escaped, a byte may be the character that it is.
      const [one, two, three, four] = [first, second, third, last].map(
        (byte) => `(?:${spell(byte)}|${String.fromCharCode(byte)})`,
      );
      const begin = spell === hex ? `(?=${three})${BEGIN}` : '';
      return [
        [one, two, three].join(BETWEEN),
        [two, three, four].join(BETWEEN),
        begin + [three, four].join(BETWEEN),
      ];
    }),
    `${hex(third)}(?<=(?<![0-9a-z])(?:0x)?(?:${hex(second)})?..)${END}`,
    `^[^0-9]*${alone(`${third}`)}\\W*$`,
    // Words of dumps have the lowest byte first.
    ...[
      [first, second],
      [second, third],
      [third, last],
    ].map(
      ([low = 0, high = 0]) =>
        `^[0-9a-f]{7,8} .*?(?:${hex(high)}${hex(low)}|${alone((low | (high << 8)).toString(8).padStart(6, '0'))})`,
    ),
  ]),
);

const inBase64 = anyOf(
  '',
  headers.flatMap(([first, second, third, last]) => [
    ...[
      [first, second, third],
      [second, third, last],
    ].flatMap((bytes) => [0, 1, 2].map((before) => base64(bytes, before))),
    ...[
      [third, last],
      [second, third],
    ].map((bytes) => `${base64(bytes)}(?<![\\w+/-].{${Math.ceil((bytes.length * 8) / 6)}})`),
    Buffer.of(third).toString('base64'),
  ]),
);

function anyOf(flags: string, patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), flags);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function alone(digits: string): string {
  return `${digits}(?<!\\d${digits})(?!\\d)`;
}

/** Bytes in base64 after this many others: the characters that they have a part in, whatever is around them. */
function base64(bytes: readonly number[], before = 0): string {
  const others = Array.from({ length: 256 }, (_, other) => other);
  const texts = others.map((other) =>
    Buffer.from([...others.slice(0, before).fill(other), ...bytes, other]).toString('base64'),
  );
  const [from, to] = [Math.floor((before * 8) / 6), Math.ceil(((before + bytes.length) * 8) / 6)];
  return Array.from({ length: to - from }, (_, at) => {
    const characters = [...new Set(texts.map((text) => text.charAt(from + at)))].join('');
    // Of both alphabets.
    return `[${characters.replace(/[+/]/, '/+_\\-$&')}]`;
  }).join('');
}
