import { useEffect, useState } from 'preact/hooks';
import type { Now } from './api.ts';

/** The last message of the server, and its age. */
export interface Live {
  readonly now: Now | undefined;
  /** Milliseconds since it came, by a clock that also counts while a phone sleeps. */
  readonly elapsed: number;
}

/** After this time without a message, in milliseconds, the page counts as disconnected. */
export const SILENT = 5000;

/** A connection without messages is opened again after this time, in milliseconds. */
const REOPENED = 10_000;

/** Follows the server. The page's own timer makes what it shows old, whether or not anything comes. */
export function useLive(): Live {
  const [now, setNow] = useState<Now>();
  const [received, setReceived] = useState({ wall: Date.now(), monotonic: performance.now() });
  const [, tick] = useState(0);
  useEffect(() => {
    let events: EventSource | undefined;
    let opened = -Infinity;
    let latest = -Infinity;
    const open = (): void => {
      events?.close();
      opened = Date.now();
      events = new EventSource('api/live');
      events.addEventListener('message', ({ data }: MessageEvent<string>) => {
        latest = Date.now();
        setNow(JSON.parse(data));
        setReceived({ wall: latest, monotonic: performance.now() });
      });
    };
    const check = (): void => {
      tick((count) => count + 1);
      // The browser gives up where it was refused, and does not see that a link ended while the phone slept.
      const wall = Date.now();
      const isSilent = wall - latest > SILENT || wall < latest;
      if (isSilent && Math.abs(wall - opened) > REOPENED) open();
    };
    open();
    const timer = setInterval(check, 1000);
    document.addEventListener('visibilitychange', check);
    return () => {
      events?.close();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', check);
    };
  }, []);
  // While a phone sleeps its monotonic clock may stop; the wall clock may be set back.
  const elapsed = Math.max(performance.now() - received.monotonic, Date.now() - received.wall);
  return { now, elapsed };
}
