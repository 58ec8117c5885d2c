/**
 * Calls `draw` soon after it was asked to, but never more often than once in `gap` milliseconds: ten times a second is
 * as much as eyes and terminals follow.
 */
export class Pacer implements Disposable {
  readonly #draw: () => void;
  #last = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Asks for a drawing, `gap` after the one before at the earliest. */
  request(gap: number): void {
    const now = performance.now();
    const due = Math.max(now, this.#last + gap);
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#now(), due - now);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#due = -Infinity;
  }

  #now(): void {
    this.#due = Infinity;
    this.#last = performance.now();
    this.#draw();
  }
}
