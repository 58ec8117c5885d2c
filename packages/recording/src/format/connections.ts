import { reasonRow, type SessionReason } from '@ubmsc/session';
import { FRAME_HEADER, FRAME_LENGTH, recordName, type RecordName } from '@ubmsc/protocol';
import type { RecordingEvent } from './recording.ts';

/** What goes over a link. */
export type LinkEvent = Extract<RecordingEvent, { kind: 'notify' | 'write' }>;

/** One connection of a recording. */
export interface RecordedConnection {
  readonly events: readonly LinkEvent[];
  /** The time at which a central had subscribed, in milliseconds of the recording. */
  readonly start: number;
  /** How many events there are before the first cell data: the central asks, and the battery answers. */
  readonly opening: number;
  /** When it ended, in milliseconds of the recording. */
  readonly end: number;
  /** Why the battery, or the air, ended it; undefined when the central did. */
  readonly lost: SessionReason | undefined;
}

/** The connections of a recording that carried something, in their order. */
export function connectionsOf(events: readonly RecordingEvent[]): readonly RecordedConnection[] {
  const connections: RecordedConnection[] = [];
  let current: LinkEvent[] = [];
  let subscribed: number | undefined;
  const end = (ms: number, lost?: SessionReason): void => {
    const [first] = current;
    if (first) {
      const start = Math.min(subscribed ?? first.ms, first.ms);
      connections.push({ events: current, start, opening: openingLength(current), end: ms, lost });
    }
    current = [];
    subscribed = undefined;
  };
  for (const event of events) {
    if (event.kind !== 'state') current.push(event);
    else if (event.state === 'identifying' && current.length === 0) subscribed = event.ms;
    else if (event.state === 'lost' || event.state === 'refused')
      end(event.ms, reasonRow(event.reason)?.isHangUp ? event.reason : undefined);
    else if (event.state === 'connecting' || event.state === 'closed') end(event.ms);
  }
  end(current.at(-1)?.ms ?? 0);
  return connections;
}

/** How many events come before the first cell data. */
export function openingLength(events: readonly RecordingEvent[]): number {
  const first = events.findIndex(
    (event) => event.kind === 'notify' && recordBegunIn(event.bytes) === 'cellData',
  );
  return first < 0 ? events.length : first;
}

/** The notifications of the first record of a kind: how a battery answers when it is asked out of turn. */
export function answerIn(
  connections: readonly RecordedConnection[],
  record: RecordName,
): readonly LinkEvent[] {
  for (const { events } of connections) {
    const notifications = events.filter(({ kind }) => kind === 'notify');
    const first = notifications.findIndex(({ bytes }) => recordBegunIn(bytes) === record);
    if (first < 0) continue;
    let length = 0;
    const after = notifications
      .slice(first)
      .findIndex(({ bytes }) => (length += bytes.length) >= FRAME_LENGTH);
    if (after >= 0) return notifications.slice(first, first + after + 1);
  }
  return [];
}

/** The kind of record that begins in a notification, if one does; a heartbeat may stick to its front. */
export function recordBegunIn(bytes: Uint8Array): RecordName | undefined {
  for (let at = bytes.indexOf(FRAME_HEADER[0]); at >= 0; at = bytes.indexOf(FRAME_HEADER[0], at + 1)) {
    if (FRAME_HEADER.every((byte, index) => bytes[at + index] === byte)) {
      return recordName(bytes[at + FRAME_HEADER.length]);
    }
  }
  return undefined;
}
