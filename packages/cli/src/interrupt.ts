import { constants } from 'node:os';
import { processEnd } from '@ubmsc/base';
import { Interrupted } from './exit-codes.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the signals of the operating system mean to the command that runs. */
export interface Interrupt extends Disposable {
  /** Aborts with {@link Interrupted} when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Ends the command as a signal does, with this exit code. */
  readonly end: (exitCode: number) => void;
  /** Until it is disposed of, SIGHUP calls `listener` and does not end the process. */
  readonly onHangup: (listener: () => void) => Disposable;
}

/**
 * Takes the signals that ask the process to end, so that links are closed. Asked a second time, the process ends at
 * once. Dispose of it to give the signals back.
 */
export function interruptSignal(): Interrupt {
  const controller = new AbortController();
  let hangup: (() => void) | undefined;
  const onSignal = (name: (typeof signals)[number]): void => {
    if (name === 'SIGHUP' && hangup && !controller.signal.aborted) {
      hangup();
      return;
    }
    const exitCode = 128 + constants.signals[name];
    if (controller.signal.aborted) process.exit(exitCode);
    end(exitCode);
  };
  const end = (exitCode: number): void => {
    processEnd.isNear = true;
    controller.abort(new Interrupted(exitCode));
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end,
    onHangup: (listener) => {
      hangup = listener;
      return { [Symbol.dispose]: () => (hangup = undefined) };
    },
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal);
      processEnd.isNear = false;
    },
  };
}
