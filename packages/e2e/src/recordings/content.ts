import type { RecordingEvent } from '@ubmsc/recording';

/** An event without its time. */
export function contentOf(event: RecordingEvent): string {
  return event.kind === 'state'
    ? `${event.state} ${event.reason ?? ''}`
    : `${event.kind} ${Buffer.from(event.bytes).toString('hex')}`;
}
