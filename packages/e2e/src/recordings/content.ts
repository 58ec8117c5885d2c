import type { RecordingEvent } from '@ubmsc/recording';

/** An event without its time. */
export function contentOf(event: RecordingEvent): string {
  return event.kind === 'state'
    ? `${event.state} ${event.reason ?? ''}`
    : `${event.kind} ${Buffer.from(event.bytes).toString('hex')}`;
}

/**
 * The events with those of states before those of messages: what a battery sends at once crosses with the answer that takes
 * us to the next state, so each kind has an order of its own.
 */
export function statesFirst(events: readonly RecordingEvent[]): readonly RecordingEvent[] {
  const isState = ({ kind }: RecordingEvent): boolean => kind === 'state';
  return [...events.filter(isState), ...events.filter((event) => !isState(event))];
}
