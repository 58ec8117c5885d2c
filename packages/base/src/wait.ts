import { once, type EventEmitter } from 'node:events';

/** How long to wait for something, and what else ends the waiting. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined | readonly (AbortSignal | undefined)[];
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
  const { timeout, late } = options;
  using either = anySignal(options.signal);
  const { signal } = either;
  signal.throwIfAborted();
  const timer = setTimeout(() => either.abort(late()), timeout);
  try {
    return await unlessAborted(work(signal), signal);
  } finally {
    clearTimeout(timer);
    either.abort(); // ends what `work` may have left waiting
  }
}

/** Waits for `work`. Rejects with the signal's reason when that aborts first; what becomes of `work` does not matter then. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await work;
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal.reason)));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
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

/** A controller that aborts when the first of these signals does, until it is disposed of. */
interface FollowingController extends Disposable {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/**
 * Aborts when the first of the signals does; those that are undefined never do. Unlike `AbortSignal.any` it leaves
 * nothing behind in them when it is disposed of: Node 20 never forgets what was made of signals that live for long.
 */
export function anySignal(
  ...signals: readonly (AbortSignal | undefined | readonly (AbortSignal | undefined)[])[]
): FollowingController {
  const sources = signals.flat().filter((signal) => signal !== undefined);
  const controller = new AbortController();
  const follow = (): void => controller.abort(sources.find(({ aborted }) => aborted)?.reason);
  for (const source of sources) source.addEventListener('abort', follow, { once: true });
  if (sources.some(({ aborted }) => aborted)) follow();
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => {
      for (const source of sources) source.removeEventListener('abort', follow);
    },
  };
}

/** Whether the time, in milliseconds, has passed; not when the signal has aborted before. */
export async function elapses(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(Math.max(milliseconds, 0), signal);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
