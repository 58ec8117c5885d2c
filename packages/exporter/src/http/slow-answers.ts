import type { ServerResponse } from 'node:http';

/** How many answers may wait for their clients to take them in, and how long they may when there are more, in milliseconds. */
const LIMITS = { answers: 40, patience: 1000 };

/** Answers that their clients have not taken in yet, which takes memory. */
export class SlowAnswers {
  /** When each was complete. */
  readonly #since = new Map<ServerResponse, number>();

  /** To be called for each answer that is complete. When too many wait, those that have waited for long are given up. */
  add(response: ServerResponse): void {
    if (response.closed) return;
    this.#since.set(response, performance.now());
    response.once('close', () => this.#since.delete(response));
    for (const [oldest, since] of this.#since) {
      if (this.#since.size <= LIMITS.answers || performance.now() - since < LIMITS.patience) return;
      this.#since.delete(oldest);
      oldest.destroy();
    }
  }
}
