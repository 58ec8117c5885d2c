import { once, type EventEmitter } from 'node:events';

/** How long to wait for something, and what else ends the waiting. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. */
  readonly timeout: number;
  /** The error when the time is up. */
  readonly late: () => Error;
}

/**
 * Runs `work` with a signal that aborts when the caller's does or when the time is up. Rejects with the caller's
 * reason or with `late()`, even when `work` never settles.
 *
 * Unlike `AbortSignal.timeout` the timer is an ordinary one, so that a test's fake clock moves it.
 */
export async function within<T>(options: WaitOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, timeout, late } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(late()), timeout);
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const aborted = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
    });
    return await Promise.race([work(controller.signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    controller.abort(); // ends what `work` may have left waiting
  }
}

/**
 * Waits for one event, and rejects when the emitter emits `error` first. Call it before sending what causes the
 * event. `Arguments` is what the emitter's documentation says that the event carries.
 */
export async function eventWithin<Arguments extends unknown[]>(
  emitter: EventEmitter,
  event: string,
  options: WaitOptions,
): Promise<Arguments> {
  return await within(options, async (signal): Promise<Arguments> => {
    const values: unknown = await once(emitter, event, { signal });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- noble's events have no types of their own
    return values as Arguments;
  });
}

/** Waits for a while. Rejects with the signal's reason when it aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Waits for `work`, but no longer than this time in milliseconds; what becomes of it does not matter. */
export async function withinTime(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([Promise.allSettled([work]), pause(milliseconds, done.signal).catch(() => {})]);
  done.abort();
}

/** Aborts when the first of the signals does; those that are undefined never do. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}
