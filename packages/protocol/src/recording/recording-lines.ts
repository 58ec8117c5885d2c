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

/** Names of the kinds of events, which are also the properties that tell them. */
export const eventKinds = Object.keys(eventSchemas).filter(
  (name): name is keyof typeof eventSchemas => name in eventSchemas,
);

const digits = new TextEncoder().encode('0123456789abcdef');
const decoder = new TextDecoder();

/** Written into bytes first: text that grows digit by digit takes several times as long. */
function toHex(bytes: Uint8Array): string {
  const text = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    text[2 * at] = digits[byte >> 4] ?? 0;
    text[2 * at + 1] = digits[byte & 0xf] ?? 0;
  }
  return decoder.decode(text);
}

/** Bytes of hexadecimal digits, which the schema has found right. */
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
