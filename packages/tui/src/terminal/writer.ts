import type { Sink } from './sink.ts';

/** Time after which a terminal that takes nothing is tried again, in milliseconds. */
const RETRY = 50;

/** How long the last sequence for a terminal is tried, in milliseconds. */
const LAST_WORDS = 300;

export interface WriterEvents {
  /** The terminal has taken everything. */
  readonly drained: () => void;
  /** The terminal is gone. */
  readonly gone: () => void;
}

/** Writes to a terminal without ever waiting for it. What it does not take yet stays here. */
export class Writer {
  readonly #sink: Sink;
  readonly #events: WriterEvents;
  #pending: Uint8Array = new Uint8Array();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(sink: Sink, events: WriterEvents) {
    this.#sink = sink;
    this.#events = events;
  }

  /** Whether the terminal has still to take something: then a new frame waits. */
  get isBusy(): boolean {
    return this.#pending.length > 0;
  }

  write(text: string): void {
    if (this.#closed) return;
    this.#pending = this.isBusy ? Buffer.concat([this.#pending, Buffer.from(text)]) : Buffer.from(text);
    if (this.#timer === undefined) this.#flush();
  }

  /** Writes something instead of all that waits, for a short time at most. */
  finish(text: string): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = Buffer.from(text);
    const end = performance.now() + LAST_WORDS;
    while (this.#push() && this.isBusy && performance.now() < end) pause();
    this.#pending = new Uint8Array();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#sink.close();
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#push()) return;
    if (this.isBusy) this.#timer = setTimeout(() => this.#retry(), RETRY);
  }

  #retry(): void {
    this.#flush();
    if (!this.isBusy) this.#events.drained();
  }

  /** Writes as much as the terminal takes. Returns whether it is there. */
  #push(): boolean {
    try {
      for (let taken = 1; taken > 0 && this.isBusy;) {
        taken = this.#sink.take(this.#pending);
        this.#pending = this.#pending.subarray(taken);
      }
      return true;
    } catch {
      this.#pending = new Uint8Array();
      this.close();
      this.#events.gone();
      return false;
    }
  }
}

/** Waits a moment without giving others a turn: at the end of the process there are no others. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}
