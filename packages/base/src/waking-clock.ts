import { uptime } from 'node:os';

/** Where the clock reads times, in milliseconds; for tests. */
export interface TimeSources {
  /** Never steps back, and stands still while the machine sleeps. */
  readonly monotonic: () => number;
  /** The wall clock, which anybody may set. */
  readonly wall: () => number;
  /** Time since the machine was started, its sleep included. */
  readonly uptime: () => number;
}

/** A difference below this is not a sleep, in milliseconds. */
const LEAST_SLEEP = 3000;

/**
 * A clock in milliseconds that never steps back and goes on while the machine sleeps, unlike `performance.now()`: what
 * was received before is old after it. A wall clock that is set is not a sleep.
 */
export class WakingClock {
  readonly #sources: TimeSources;
  readonly #onWake: (slept: number) => void;
  readonly #start: { readonly monotonic: number; readonly uptime: number };
  #awake: { readonly monotonic: number; readonly wall: number };
  #slept = 0;

  /** `onWake` is called with the time slept, in milliseconds, when {@link now} finds that the machine has slept. */
  constructor(onWake: (slept: number) => void = () => {}, sources: TimeSources = systemTimes) {
    this.#onWake = onWake;
    this.#sources = sources;
    const monotonic = sources.monotonic();
    this.#start = { monotonic, uptime: sources.uptime() };
    this.#awake = { monotonic, wall: sources.wall() };
  }

  /** Milliseconds that the machine was awake or asleep, from an arbitrary start. */
  now(): number {
    const { monotonic, wall } = this.#sources;
    const before = this.#awake;
    this.#awake = { monotonic: monotonic(), wall: wall() };
    const passed = this.#awake.monotonic - before.monotonic;
    // The wall clock is quick to ask; only when it leaps the machine is asked, too.
    if (this.#awake.wall - before.wall - passed > LEAST_SLEEP) this.#ask(this.#awake.monotonic);
    return this.#awake.monotonic + this.#slept;
  }

  #ask(monotonic: number): void {
    const up = this.#sources.uptime() - this.#start.uptime;
    const slept = up - (monotonic - this.#start.monotonic) - this.#slept;
    if (slept < LEAST_SLEEP) return;
    this.#slept += slept;
    this.#onWake(slept);
  }
}

const systemTimes: TimeSources = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  uptime: () => uptime() * 1000,
};
