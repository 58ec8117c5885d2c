import { asError } from '@ubmsc/base';
/**
 * A promise that is settled by events, and rejects with the reason of `signal` when that is aborted first. `start`
 * listens to the events and returns what takes its listeners off again.
 */
export function waitFor(
  signal: AbortSignal,
  start: (resolve: () => void, reject: (error: Error) => void) => () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let settled = false;
    let stop = (): void => undefined;
    const settle = (how: () => void): void => {
      settled = true;
      signal.removeEventListener('abort', aborted);
      stop();
      how();
    };
    const aborted = (): void => settle(() => reject(asError(signal.reason)));
    signal.addEventListener('abort', aborted, { once: true });
    stop = start(
      () => settle(resolve),
      (error) => settle(() => reject(error)),
    );
    // An event of `start` itself came before there was anything to stop.
    if (settled) stop();
  });
}
