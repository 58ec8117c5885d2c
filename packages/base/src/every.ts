import { elapses } from './wait.ts';

/**
 * Does some work at each end of an interval, in milliseconds, until the signal aborts. It does not drift, and after a
 * time in which the machine slept nothing is made up for. What the work throws is the caller's to catch.
 */
export async function every(interval: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let count = 1; await elapses(began + count * interval - performance.now(), signal); count++) {
    await work();
    count = Math.max(count, Math.floor((performance.now() - began) / interval));
  }
}
