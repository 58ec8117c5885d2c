import type { StreamItem } from '@ubmsc/protocol';
import { isSame, NOTHING, USUAL, Way, type Line } from './way.ts';

/** Most ways of reading that are tried at once. */
const MOST_WAYS = 96;

/** The lines of a text, read in every way until one completes a message. */
export class Search {
  readonly #ways = new Map<string, Attempt>();
  readonly #base: number;
  readonly #last: Uint8Array | undefined;
  readonly #before: Line | undefined;
  size = 0;
  /** Whether its lines were joined, too. */
  isJoined = false;

  /** The way that was used so far is as good as another one that leaves as much over. */
  constructor({ name, grows }: Way, base: number, last: Uint8Array | undefined, before?: Line) {
    this.#base = base;
    this.#last = last;
    this.#before = before;
    this.#add(name, grows);
    this.#add(USUAL);
    this.#add(name, true);
  }

  push(line: Line): void {
    this.size += line.size;
    for (const name of line.readings.keys()) this.#add(name);
    for (const attempt of this.#ways.values())
      for (const item of attempt.way.read(line))
        if (!this.#isGiven(item, line, attempt.way)) attempt.add(item);
    line.forgetReadings();
  }

  /** Ends the text: what never became complete is left over. */
  end(): void {
    for (const attempt of this.#ways.values()) attempt.end();
  }

  /** A message of a line that is needed for what has begun on it, and the last one, printed once more: not behind itself. */
  #isGiven(item: StreamItem, line: Line, way: Way): boolean {
    if (!isMessage(item)) return false;
    return line.given || (!way.hasGrown && item.kind === 'frame' && isSame(item.frame.bytes, this.#last));
  }

  /** The way that has completed a message with the least left over. */
  best(): Attempt | undefined {
    let best: Attempt | undefined;
    for (const attempt of this.#ways.values())
      if (attempt.hasMessage && (!best || attempt.leftOver < best.leftOver)) best = attempt;
    return best;
  }

  #add(name: string, grows = false): void {
    const key = grows ? `${name}, growing` : name;
    if (this.#ways.size < MOST_WAYS && !this.#ways.has(key))
      this.#ways.set(key, new Attempt(new Way(name, this.#base, grows, this.#before)));
  }
}

/** What a way of reading has given in a search. */
export class Attempt {
  readonly way: Way;
  readonly items: StreamItem[] = [];
  /** What was found when the text had ended. */
  rest: readonly StreamItem[] = NOTHING;
  hasMessage = false;
  /** How many bytes are in no message. */
  leftOver = 0;

  constructor(way: Way) {
    this.way = way;
  }

  add(item: StreamItem): void {
    this.items.push(item);
    this.#count(item);
  }

  end(): void {
    this.rest = this.way.finish();
    for (const item of this.rest) this.#count(item);
  }

  #count(item: StreamItem): void {
    if (isMessage(item)) this.hasMessage = true;
    else if (item.kind === 'discarded') this.leftOver += item.bytes.length;
  }
}

export const isMessage = ({ kind }: StreamItem): boolean => kind === 'frame' || kind === 'request';
