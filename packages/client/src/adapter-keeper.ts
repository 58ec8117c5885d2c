import { AdapterError, reasonRow, type SessionReason } from '@ubmsc/session';
import type { Adapter } from './adapter.ts';
import { FAILED_LINKS, retryPause } from './recovery.ts';
import { anySignal, log, pause, untilAborted, type LogLevel } from '@ubmsc/base';

export interface KeeperOptions {
  /** Resets the hardware when reopening has not helped; never when left out. */
  readonly resetAdapter?: boolean | undefined;
  /** How long an adapter may be gone before the fleet gives up, in milliseconds; for ever when left out. */
  readonly giveUpAfter?: number | undefined;
}

/** How many times opening fails, or does not help, before the controller is reset. */
const RESET_AFTER = 3;

/** Keeps one adapter usable: opens it again when it is gone, or when it fails to make links. */
export class AdapterKeeper {
  readonly adapter: Adapter;
  /** Aborts with an AdapterError when the adapter was gone for too long. */
  readonly failed = new AbortController();
  readonly #options: KeeperOptions;
  #failedLinks = 0;
  /** How many times in a row it was opened again because links failed, and no link was made afterwards. */
  #inVain = 0;
  #links = 0;
  #ready: Promise<void> = Promise.resolve();
  /** Why the adapter cannot be used, while it cannot. */
  trouble: AdapterError | undefined;
  /** How often it was opened again, and reset. */
  reopened = 0;
  resets = 0;

  constructor(adapter: Adapter, options: KeeperOptions) {
    this.adapter = adapter;
    this.#options = options;
  }

  /** Opens the adapter again whenever it is gone, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      using ending = anySignal(signal, this.adapter.gone);
      await untilAborted(ending.signal);
      if (signal.aborted) return;
      this.#fails(this.adapter.gone.reason, this.#reopening ? 'debug' : 'warn');
      await this.reopen(signal).catch(() => {});
    }
  }

  /** Resolves when the adapter can be used. */
  async ready(signal: AbortSignal): Promise<void> {
    while (this.adapter.gone.aborted) {
      signal.throwIfAborted();
      await Promise.race([this.#ready.catch(() => {}), pause(1000, signal)]);
      await pause(0, signal);
    }
  }

  /** No link is there that would be lost if the adapter were opened again. */
  get isIdle(): boolean {
    return this.#links === 0;
  }

  /** A link was made: the adapter works. Dispose of the result when it has ended. */
  linked(): Disposable {
    this.#failedLinks = 0;
    this.#inVain = 0;
    this.#links++;
    return { [Symbol.dispose]: () => void this.#links-- };
  }

  /**
   * A link could not be made, for this reason. Opens the adapter again when it is to blame, and returns whether it was.
   * That ends all its links: while others are there, the battery is rather to blame.
   */
  async failedToLink(reason: SessionReason | undefined, signal: AbortSignal): Promise<boolean> {
    if (reasonRow(reason)?.mayBeAdapter) this.#failedLinks++;
    const { health } = this.adapter;
    const holdsLink = health === 'holdsLink';
    const hasFailedOften = this.#failedLinks >= FAILED_LINKS;
    const isToBlame = this.isIdle ? holdsLink || hasFailedOften : holdsLink && hasFailedOften;
    if (health !== 'wedged' && !isToBlame) return false;
    if (++this.#inVain % RESET_AFTER === 0) await this.#reset(signal);
    await this.reopen(signal);
    return true;
  }

  /** Opens the adapter again until that works. Calls that come meanwhile wait for the same. */
  async reopen(signal: AbortSignal): Promise<void> {
    this.#reopening ??= this.#reopen(signal).finally(() => (this.#reopening = undefined));
    this.#ready = this.#reopening;
    await this.#reopening;
  }

  #reopening: Promise<void> | undefined;

  async #reopen(signal: AbortSignal): Promise<void> {
    const { title } = this.adapter;
    const began = performance.now();
    this.#failedLinks = 0;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        log(
          attempt === 1 ? 'warn' : 'debug',
          'adapter',
          () => `${title} is opened again, attempt ${attempt}`,
        );
        this.reopened++;
        await this.adapter.reopen(signal);
        this.trouble = undefined;
        log('info', 'adapter', () => `${title} works again`);
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#fails(error);
        this.#judge(performance.now() - began, error);
      }
      if (attempt % RESET_AFTER === 0) await this.#reset(signal);
      await pause(retryPause(attempt, undefined, Math.random()), signal);
    }
  }

  /** Says why the adapter cannot be used, each reason once: its batteries log little in a minute. */
  #fails(error: unknown, level: LogLevel = 'warn'): void {
    if (!(error instanceof AdapterError)) return;
    if (error.message !== this.trouble?.message) log(level, 'adapter', () => error.message);
    this.trouble = error;
  }

  #judge(gone: number, cause: unknown): void {
    const { giveUpAfter } = this.#options;
    if (giveUpAfter === undefined || gone < giveUpAfter || this.failed.signal.aborted) return;
    const error = new AdapterError(
      `${this.adapter.title} could not be opened for ${Math.round(gone / 1000)} s`,
      'see that it is plugged in and that Bluetooth is switched on',
      { cause, reason: 'adapterGone' },
    );
    this.failed.abort(error);
  }

  async #reset(signal: AbortSignal): Promise<void> {
    if (!this.#options.resetAdapter) return;
    this.resets++;
    try {
      await this.adapter.reset(signal);
    } catch (error) {
      signal.throwIfAborted();
      log('warn', 'adapter', () => `${this.adapter.title} could not be reset: ${String(error)}`);
    }
  }
}
