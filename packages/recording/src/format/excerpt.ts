import { openingLength } from './connections.ts';
import type { Recording, RecordingEvent } from './recording.ts';

/**
 * The part of a recording from one time to another, in milliseconds of the recording. It stands by itself: what the
 * battery was asked as its link was made, and what it answered, comes before, at times below 0.
 */
export function excerpt(recording: Recording, from = 0, to = Infinity): Recording {
  const { header, events } = recording;
  if (from <= 0 && to === Infinity) return recording;
  const begin = Math.max(from, 0);
  const first = events.findIndex(({ ms }) => ms >= begin);
  const inside = events.filter(({ ms }) => ms >= begin && ms <= to);
  const before = first <= 0 ? [] : openingBefore(events, first);
  const started = new Date(Date.parse(header.started) + begin).toISOString();
  return {
    header: { ...header, started },
    events: [...before, ...inside].map((event) => ({ ...event, ms: event.ms - begin })),
  };
}

/** The opening of the connection that is there before the event at `index`, as far as it comes before that. */
export function openingBefore(events: readonly RecordingEvent[], index: number): readonly RecordingEvent[] {
  const begun = events
    .slice(0, index)
    .findLastIndex((event) => event.kind === 'state' && event.state === 'connecting');
  const connection = events.slice(Math.max(begun, 0), index);
  return connection.slice(0, openingLength(connection));
}
