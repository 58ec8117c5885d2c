import { vi } from 'vitest';

/** Turns of the event loop after each timer, in which bytes cross streams and the ether. */
const TURNS = 16;

/** The longest time that passes at once, in milliseconds: what takes more turns goes on meanwhile, as on air. */
const STEP = 100;

/** A clock that runs as fast as the program can: time passes only from one timer to the next. */
export interface FakeClock extends Disposable {
  /** Milliseconds since it was started. */
  now(): number;
  /** Lets time pass until this is true, or until this time has passed, in milliseconds. Returns whether it is true. */
  until(isTrue: () => boolean, milliseconds: number): Promise<boolean>;
  /** Lets this time pass, in milliseconds. */
  pass(milliseconds: number): Promise<void>;
  /** Lets time pass until the work is done. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Timers that are running. */
  readonly timers: number;
}

/** Takes the clock and its timers from the program. Dispose of it to give them back. */
export function startFakeClock(): FakeClock {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
  const start = performance.now();
  const rest = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => void setImmediate(resolve));
  };
  const until = async (isTrue: () => boolean, milliseconds: number): Promise<boolean> => {
    const end = performance.now() + milliseconds;
    const last = setTimeout(() => {}, milliseconds);
    const steps = setInterval(() => {}, STEP);
    await rest();
    while (!isTrue() && performance.now() < end) {
      vi.advanceTimersToNextTimer();
      await rest();
    }
    clearTimeout(last);
    clearInterval(steps);
    return isTrue();
  };
  return {
    now: () => performance.now() - start,
    until,
    pass: async (milliseconds) => void (await until(() => false, milliseconds)),
    during: async (work) => {
      let isDone = false;
      void Promise.allSettled([work]).then(() => (isDone = true));
      await until(() => isDone, 600_000);
      return await work;
    },
    get timers() {
      return vi.getTimerCount();
    },
    [Symbol.dispose]: () => vi.useRealTimers(),
  };
}
