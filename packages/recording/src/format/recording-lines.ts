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

/** Names of the kinds of events, which are also the properties that tell them. */
export const eventKinds = Object.keys(eventSchemas).filter(
  (name): name is keyof typeof eventSchemas => name in eventSchemas,
);
