import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does some work at each end of an interval, in milliseconds, until the signal aborts. It does not drift, and after a
 * time in which the machine slept nothing is made up for. What the work throws is the caller's to catch.
 */
export async function every(interval: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let count = 1; await pause(began + count * interval - performance.now(), signal); count++) {
    await work();
    count = Math.max(count, Math.floor((performance.now() - began) / interval));
  }
}

/** Whether the time, in milliseconds, has passed; not when the signal has aborted before. */
export async function pause(time: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(Math.max(time, 0), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
