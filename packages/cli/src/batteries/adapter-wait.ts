import { elapses, log } from '@ubmsc/base';
import { AdapterError } from '@ubmsc/session';
import { problemText } from '../hints.ts';

/** How long to wait between two attempts, in milliseconds: doubling from the first to the longest. */
const PAUSE = { first: 1000, longest: 30_000 };

export interface AdapterWaitOptions {
  /** Watches the batteries. Rejects with an AdapterError while an adapter cannot be opened. */
  readonly watch: () => Promise<void>;
  readonly signal: AbortSignal;
  /** How long an adapter may be missing, in milliseconds; for ever when left out. */
  readonly giveUpAfter?: number | undefined;
}

/** Waits for an adapter that a service is started without, as it waits for one that goes. */
export class AdapterWait {
  /** Aborts with the AdapterError when the adapter was missing for too long. */
  readonly failed = new AbortController();
  /** Resolves when it waits no more. */
  ended: Promise<void> = Promise.resolve();
  #problem: string | undefined;

  /** What is waited for, for people; undefined when nothing is. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Tries once and then, while an adapter cannot be opened, again and again beside everything else.
   * @throws Error watching fails for another reason.
   */
  async start(options: AdapterWaitOptions): Promise<void> {
    try {
      await options.watch();
    } catch (error) {
      if (!(error instanceof AdapterError) || options.signal.aborted) throw error;
      this.#say(error);
      this.ended = this.#wait(options, error);
    }
  }

  async #wait(
    { watch, signal, giveUpAfter = Infinity }: AdapterWaitOptions,
    first: AdapterError,
  ): Promise<void> {
    const began = performance.now();
    let latest = first;
    for (let pause = PAUSE.first; ; pause = Math.min(2 * pause, PAUSE.longest)) {
      const left = began + giveUpAfter - performance.now();
      if (left <= 0) {
        this.failed.abort(latest);
        return;
      }
      if (!(await elapses(Math.min(pause, left), signal))) return;
      try {
        await watch();
        this.#problem = undefined;
        log('warn', 'adapter', () => 'the adapter is there: batteries are watched');
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof AdapterError)) {
          this.failed.abort(error);
          return;
        }
        latest = error;
        this.#say(error);
      }
    }
  }

  #say(error: AdapterError): void {
    const problem = `no battery is watched until the adapter can be opened: ${problemText(error)}`;
    if (problem !== this.#problem) log('warn', 'adapter', () => problem);
    this.#problem = problem;
  }
}
