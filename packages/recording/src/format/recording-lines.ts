import { toHex } from '@ubmsc/protocol';
import { eventSchemas, type RecordingEvent, type RecordingHeader } from './recording.ts';

/** The first line of a recording, with its end of line. */
export function headerLine(header: RecordingHeader): string {
  return `${JSON.stringify(header)}\n`;
}

/** The line of an event, with its end of line. Times are kept to a tenth of a millisecond. */
export function eventLine(event: RecordingEvent): string {
  const ms = Math.round(event.ms * 10) / 10;
  if (event.kind !== 'state') return `{"ms":${ms},"${event.kind}":"${toHex(event.bytes)}"}\n`;
  return `${JSON.stringify({ ms, state: event.state, reason: event.reason })}\n`;
}

/** How a line with bytes goes on after its time, by its kind. */
const usualKinds = (['notify', 'write'] as const).map((kind) => ({
  kind,
  start: Buffer.from(`,"${kind}":"`),
}));

/** How a line with bytes begins. */
const USUAL_START = Buffer.from('{"ms":');

/** Most digits before the point of a time that is read here: all that has them is in the limits of the schema. */
const MOST_DIGITS = 11;

/** Most hexadecimal digits of a value. */
const MOST_HEX = eventSchemas.notify.properties.notify.maxLength;

const POINT = 0x2e;
const QUOTE = 0x22;
const BRACE = 0x7d;

/**
 * The event of the line from `start` to `end` of a text in UTF-8, where it is one with bytes that is written as {@link eventLine}
 * writes it; undefined for any other line. To read such a line as JSON of any kind takes five times as long.
 */
export function usualEvent(text: Uint8Array, start: number, end: number): RecordingEvent | undefined {
  if (!isAt(text, start, USUAL_START)) return undefined;
  const first = start + USUAL_START.length;
  let at = first;
  let ms = 0;
  for (let digit = digitAt(text, at); digit >= 0 && digit < 10; digit = digitAt(text, ++at))
    ms = ms * 10 + digit;
  const digits = at - first;
  // In JSON, a number does not begin with 0 unless it is 0.
  if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && digitAt(text, first) === 0)) return undefined;
  if (text[at] === POINT) {
    const tenth = digitAt(text, at + 1);
    if (tenth < 0 || tenth > 9) return undefined;
    ms = (ms * 10 + tenth) / 10;
    at += 2;
  }
  for (const { kind, start: before } of usualKinds) {
    if (!isAt(text, at, before)) continue;
    const bytes = hexAt(text, at + before.length, end - 2);
    const isEnd = text[end - 2] === QUOTE && text[end - 1] === BRACE;
    return bytes && isEnd ? { ms, kind, bytes } : undefined;
  }
  return undefined;
}

function isAt(text: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let index = 0; index < part.length; index++) if (text[at + index] !== part[index]) return false;
  return true;
}

/** The bytes of the hexadecimal digits from `start` to `end`; undefined where there is anything else. */
function hexAt(text: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const length = end - start;
  if (length < 0 || length > MOST_HEX || length % 2 !== 0) return undefined;
  const bytes = roomFor(length / 2);
  const digits = digitValues;
  for (let index = 0, at = start; at < end; index++, at += 2) {
    const byte = ((digits[text[at] ?? 0] ?? -1) << 4) | (digits[text[at + 1] ?? 0] ?? -1);
    if (byte < 0) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}

/** Octets of a block. */
const BLOCK = 16_384;

let block = new Uint8Array(0);
let used = 0;

/** Bytes that nobody has used: parts of a block, because memory of their own takes longer than to read them. */
function roomFor(length: number): Uint8Array {
  if (used + length > block.length) {
    block = new Uint8Array(BLOCK);
    used = 0;
  }
  used += length;
  return block.subarray(used - length, used);
}

const digitValues = new Int8Array(256).fill(-1);
for (const [value, digit] of Array.from('0123456789abcdef').entries())
  digitValues[digit.charCodeAt(0)] = value;

/** The value of the lower-case hexadecimal digit there; negative where there is none. */
function digitAt(text: Uint8Array, at: number): number {
  return digitValues[text[at] ?? 0] ?? -1;
}

/** Names of the kinds of events, which are also the properties that tell them. */
export const eventKinds = Object.keys(eventSchemas).filter(
  (name): name is keyof typeof eventSchemas => name in eventSchemas,
);
