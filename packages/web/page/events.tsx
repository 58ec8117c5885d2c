import type { PastEvent } from './api.ts';
import { words } from './format.ts';

/** Most events that are listed. */
const MOST = 100;

const verbs: Readonly<Record<PastEvent['kind'], (name: string) => string>> = {
  alarm: (name) => `Alarm: ${name}`,
  alarmEnded: (name) => `Alarm ended: ${name}`,
  state: (name) => `Link: ${name}`,
};

/** The events of a time, the latest first. */
export function Events({ events }: { readonly events: readonly PastEvent[] }) {
  const shown = events.slice(-MOST).toReversed();
  return (
    <details>
      <summary>Events ({events.length})</summary>
      {events.length > MOST && <p class="quiet">The latest {MOST}:</p>}
      <ul class="events">
        {shown.map(({ time, kind, name, reason }, index) => (
          <li key={index} class={kind}>
            <time dateTime={new Date(time).toISOString()}>{new Date(time).toLocaleString()}</time>{' '}
            {verbs[kind](words(name).toLowerCase())}
            {reason !== undefined && <span class="quiet"> ({words(reason).toLowerCase()})</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
