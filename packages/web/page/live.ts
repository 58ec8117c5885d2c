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

/** Follows the server. The page's own timer makes what it shows old, whether or not anything comes. */
export function useLive(): Live {
  const [now, setNow] = useState<Now>();
  const [received, setReceived] = useState({ wall: Date.now(), monotonic: performance.now() });
  const [, tick] = useState(0);
  useEffect(() => {
    const events = new EventSource('api/live');
    events.addEventListener('message', ({ data }: MessageEvent<string>) => {
      setNow(JSON.parse(data));
      setReceived({ wall: Date.now(), monotonic: performance.now() });
    });
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    const wake = (): void => tick((count) => count + 1);
    document.addEventListener('visibilitychange', wake);
    return () => {
      events.close();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, []);
  // While a phone sleeps its monotonic clock may stop; the wall clock may be set back.
  const elapsed = Math.max(performance.now() - received.monotonic, Date.now() - received.wall);
  return { now, elapsed };
}
