import { play, type PlayChange } from './play.ts';
import type { Playback } from '../playback/playback.ts';

/** Ages change without anything that is sent, in milliseconds. */
const TICK = 1000;

/** A recording goes on so often while it is played, in milliseconds. */
const PLAY = 200;

export interface ClockEvents {
  /** Time has passed: what is shown may be older, after `gap` milliseconds at the earliest. */
  readonly tick: (gap: number) => void;
  /** A recording may go on. */
  readonly play: (change: PlayChange) => void;
}

/** Lets time pass on the screen: ages grow, and a recording goes on while it is played. */
export class Clock implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #played = performance.now();

  constructor(playback: Playback | undefined, { tick, play: onPlay }: ClockEvents) {
    this.#timer = playback
      ? setInterval(() => onPlay(play(playback, this.#elapsed())), PLAY)
      : setInterval(() => tick(TICK), TICK);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #elapsed(): number {
    const now = performance.now();
    const elapsed = now - this.#played;
    this.#played = now;
    return elapsed;
  }
}
