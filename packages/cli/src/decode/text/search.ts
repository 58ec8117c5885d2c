import { FRAME_HEADER, REQUEST_LENGTH, type StreamItem } from '@ubmsc/protocol';
import { Finds, isMessage, isShownTwice, type Shown } from './finds.ts';
import { NOTHING, USUAL, Way, type Line } from './way.ts';

/** Most ways of reading that are tried at once. */
const MOST_WAYS = 96;

/** After this many characters without a message, lines are read in every way. */
export const ENOUGH = 16_384;

/** The lines of a text, read in every way until one completes a message. */
export class Search {
  readonly #ways = new Map<string, Attempt>();
  readonly #base: number;
  readonly #last: Shown | undefined;
  readonly #before: Line | undefined;
  size = 0;
  /** At this size its lines are arranged in other ways. */
  arrangedAt = ENOUGH;

  /** The way that was used so far is as good as another one that leaves as much over. */
  constructor({ name, grows }: Way, base: number, last: Shown | undefined, before?: Line) {
    this.#base = base;
    this.#last = last;
    this.#before = before;
    this.#add(name, grows);
    this.#add(USUAL);
    this.#add(name, true);
  }

  push(line: Line): void {
    this.size += line.size;
    for (const [name, , isRest] of line.readings.values()) if (!isRest) this.#add(name);
    for (const attempt of this.#ways.values()) attempt.read(line, this.size);
    line.forgetReadings();
  }

  /** Ends the text: what never became complete is left over. */
  end(): void {
    for (const attempt of this.#ways.values()) attempt.end();
  }

  /** The way that has completed most with the least left over. */
  best(): Attempt | undefined {
    let best: Attempt | undefined;
    for (const attempt of this.#ways.values())
      if (attempt.hasMessage && (!best || attempt.worth > best.worth)) best = attempt;
    return best;
  }

  /** Whether a way that has less left over is in the midst of a message: it takes more lines where these show less. */
  mayBeat({ leftOver, foundAt }: Attempt): boolean {
    if (leftOver === 0 || this.size > 2 * foundAt + ENOUGH) return false;
    for (const attempt of this.#ways.values())
      if (attempt.leftOver < leftOver && attempt.way.pending > FRAME_HEADER.length) return true;
    return false;
  }

  #add(name: string, grows = false): void {
    const key = grows ? `${name}, growing` : name;
    if (this.#ways.size < MOST_WAYS && !this.#ways.has(key))
      this.#ways.set(key, new Attempt(new Way(name, this.#base, grows, this.#before), this.#last));
  }
}

/** What a way of reading has given in a search. */
export class Attempt extends Finds {
  readonly way: Way;
  /** What was found when the text had ended. */
  rest: readonly StreamItem[] = NOTHING;
  /** The size of the search at the first message. */
  foundAt = 0;
  /** The line that has completed the latest message. */
  line: Line | undefined;

  constructor(way: Way, latest: Shown | undefined) {
    super(latest);
    this.way = way;
  }

  override get leftOver(): number {
    return super.leftOver + this.way.skipped;
  }

  override get gain(): number {
    const { length } = this.way.begun;
    return super.gain + (length > REQUEST_LENGTH ? length : 0);
  }

  /** Reads a line of a search that has this size by now. */
  read(line: Line, size: number): void {
    const items = this.way.read(line);
    const [first] = items;
    const isTwice =
      items.length === 1 &&
      first?.kind === 'frame' &&
      !this.way.hasGrown &&
      isShownTwice(this.latest, first.frame.bytes, line.text);
    if (isTwice) return;
    for (const item of items) {
      if (line.given && isMessage(item)) continue;
      this.items.push(item);
      this.count(item, line.text);
      if (!isMessage(item)) continue;
      this.line = line;
      this.foundAt ||= size;
    }
  }

  end(): void {
    this.rest = this.way.finish();
    for (const item of this.rest) this.count(item);
  }
}
