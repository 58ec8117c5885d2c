import { UsageError } from '@ubmsc/base';
import { type RecordingEvent, type RecordingHeader, RecordingReader } from '@ubmsc/recording';

/** A recording that is played: its text in pieces, and how it is called. */
export interface RecordingText {
  readonly name: string;
  readonly pieces: AsyncIterable<string>;
}

/** Reads one recording ahead of where it is needed. */
export class Track {
  readonly name: string;
  readonly #pieces: AsyncIterator<string>;
  readonly #reader = new RecordingReader();
  #events: readonly RecordingEvent[] = [];
  #next = 0;
  #isTorn = false;
  #ended = false;

  constructor({ name, pieces }: RecordingText) {
    this.name = name;
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  get header(): RecordingHeader | undefined {
    return this.#reader.header;
  }

  /** Its last line was cut off. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  /** The event that comes next, of those that were read. */
  get event(): RecordingEvent | undefined {
    return this.#events[this.#next];
  }

  /** Goes on to the next event. */
  advance(): void {
    this.#next++;
  }

  /** Reads until there is an event, or none is left. Rejects with a UsageError that names file and line. */
  async read(): Promise<void> {
    while (!this.#ended && this.event === undefined) {
      const { done, value } = await this.#pieces.next();
      try {
        this.#take(done === true ? undefined : value);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new UsageError(`${this.name}: ${error.message}`, error.hint, { cause: error });
      }
    }
  }

  /** Reads no more of it. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#pieces.return?.();
  }

  #take(piece: string | undefined): void {
    this.#next = 0;
    if (piece !== undefined) {
      this.#events = this.#reader.push(piece);
      return;
    }
    const { events, isTorn } = this.#reader.end();
    this.#events = events;
    this.#isTorn = isTorn;
    this.#ended = true;
  }
}
