import type { StreamItem } from '@ubmsc/protocol';
import { Arranged, type LineReader } from './arranged.ts';
import { arrangements } from './arrangements.ts';
import { isMessage, isShownTwice, type Shown } from './finds.ts';
import { Lines } from './lines.ts';
import { mayHaveData } from './readings.ts';
import { ENOUGH, Search, type Attempt } from './search.ts';
import { UsualReading } from './usual-reading.ts';
import { Line, NOTHING, USUAL, Way } from './way.ts';

/** Most characters of lines that are kept, to be read in another way when the usual one gives no message. */
const MOST_KEPT = 262_144;

/** Lines that are too many are taken away together: the others have to move up. */
const MOST_DROPPED = 4096;

/** After this many characters without a message in any reading, the usual one is right: the text is damaged. */
const LONGEST_SEARCH = 524_288;

/** How much longer a search is each time that its lines are arranged in other ways. */
const LONGER = 8;

/**
 * Finds the messages that a text shows. A line can often be meant in several ways: digits of a time stamp or an address
 * of an object look like data, and some programs print each notification twice. So the usual reading of lines is used
 * as long as it gives messages with nothing left over; where it does not, the same lines are read in every way, and
 * the one that completes the most messages (length, checksum) with the least left over is used from there on. Where
 * something is left over, the lines are arranged in other ways, too.
 *
 * Never throws; memory and time are bounded.
 */
export class TextFrames implements LineReader {
  readonly #lines = new Lines();
  readonly #usual = new UsualReading();
  readonly #mayArrange: boolean;
  /** Once it is known that lines are not as they were sent. */
  #arranged: Arranged | undefined;
  #longest = 0;
  #way = new Way(USUAL, 0);
  /** Lines since the last message. */
  #kept: Line[] = [];
  #keptSize = 0;
  /** How many of these lines, from the first on, were too many. */
  #dropped = 0;
  /** Bytes of the input up to the first of these lines. */
  #keptFrom = 0;
  #search: Search | undefined;
  /** What the current way has given since the search began. */
  #waiting: StreamItem[] = [];
  #last: Shown | undefined;
  /** The line before those that are kept: what it has shown is not new where it begins the next one. */
  #before: Line | undefined;

  /** Lines that were arranged are not arranged again. */
  constructor(mayArrange = true) {
    this.#mayArrange = mayArrange;
  }

  /** How many bytes the text has shown. */
  get bytes(): number {
    return this.#arranged?.bytes ?? this.#way.end;
  }

  /** The bytes that may be of a message that is not complete. */
  get begun(): Uint8Array {
    return this.#way.begun;
  }

  /** Takes the next piece of the text and returns what its lines complete. */
  push(text: string): StreamItem[] {
    return this.#readAll(this.#lines.push(text));
  }

  /** Ends the text and returns what is in a last line without an end, and what never became complete. */
  end(): StreamItem[] {
    const items = this.#readAll(this.#lines.end());
    if (this.#arranged) return [...items, ...this.#arranged.end()];
    const rest = this.#way.finish();
    if (!this.#search && (rest.some(isDiscarded) || this.#kept.length > 0)) this.#search = this.#begin();
    this.#search?.end();
    const best = this.#search?.best();
    const arranged = this.#arrange(best, true);
    if (arranged) return [...items, ...arranged.items];
    return [...items, ...(best ? [...this.#take(best), ...best.rest] : [...this.#waiting, ...rest])];
  }

  /** Takes a line that is complete. */
  readLine(line: string): readonly StreamItem[] {
    return this.#arranged?.push(line) ?? this.#read(line);
  }

  #readAll(lines: readonly string[]): StreamItem[] {
    const found: StreamItem[] = [];
    for (const line of lines) for (const item of this.readLine(line)) found.push(item);
    return found;
  }

  #read(text: string): readonly StreamItem[] {
    const line = new Line(text, this.#usual.read(text));
    const items = this.#way.read(line);
    this.#keep(line);
    if (this.#search) {
      this.#waiting.push(...items);
      this.#search.push(line);
    } else if (
      items.some(isDiscarded) ||
      this.#keptSize > ENOUGH ||
      (items.length > 0 && this.#way.skipped > 0)
    ) {
      this.#waiting = [...items];
      this.#search = this.#begin();
    } else {
      return items.some(isMessage) ? this.#give(items, text) : items;
    }
    const search = this.#search;
    const best = search.best();
    if (best && search.mayBeat(best)) return NOTHING;
    const arranged = this.#arrange(best);
    if (arranged) {
      this.#forget();
      return (this.#arranged = arranged).take();
    }
    if (best) return this.#take(best);
    if (search.size < LONGEST_SEARCH) return NOTHING;
    const damaged = this.#waiting;
    this.#forget();
    return damaged;
  }

  /** Gives messages, but not one that the line before has shown whole in another notation. */
  #give(items: readonly StreamItem[], text: string): readonly StreamItem[] {
    const isWhole = this.#kept.length === 1 && items.length === 1;
    const before = this.#last;
    const frame = items.findLast((item) => item.kind === 'frame')?.frame.bytes;
    this.#last = frame && { frame, line: text };
    this.#forget();
    const isTwice = isWhole && !this.#way.hasGrown && frame && isShownTwice(before, frame, text);
    return isTwice ? NOTHING : items;
  }

  /** Goes on in a way that has completed messages. A buffer that was printed while it grew is not damaged. */
  #take({ way, items, line }: Attempt): readonly StreamItem[] {
    this.#way = way;
    const frame = items.findLast((item) => item.kind === 'frame')?.frame.bytes;
    this.#last = frame && { frame, line: line?.text ?? '' };
    this.#forget(line);
    return items.filter(
      (item) =>
        !(frame && item.kind === 'discarded' && item.bytes.every((byte, index) => byte === frame[index])),
    );
  }

  #begin(): Search {
    const search = new Search(this.#way, this.#keptFrom, this.#last, this.#before);
    for (const line of this.#kept) search.push(line);
    return search;
  }

  /** The arrangement of the lines since the last message in which more of them are in messages than in the best way so far. */
  #arrange(best: Attempt | undefined, isEnd = false): Arranged | undefined {
    const search = this.#search;
    if (!this.#mayArrange || !search) return undefined;
    if (!isEnd && !best && search.size < search.arrangedAt) return undefined;
    search.arrangedAt = LONGER * search.size;
    const lines = this.#kept
      .slice(this.#dropped)
      .filter(({ given }) => !given)
      .map(({ text }) => text);
    let most = best?.gain ?? -1;
    let found: Arranged | undefined;
    const begin = (): TextFrames => new TextFrames(false);
    for (const arrangement of arrangements) {
      if (!arrangement.mayBe(lines, best?.leftOver)) continue;
      const arranged = new Arranged(arrangement.begin(), begin, this.#keptFrom, this.#last);
      for (const line of lines) arranged.add(arranged.push(line));
      if (isEnd) arranged.add(arranged.end());
      if (!arranged.hasMessage || arranged.gain <= most) continue;
      most = arranged.gain;
      found = arranged;
    }
    return found;
  }

  #keep(line: Line): void {
    // The rest of a line that was cut may look like nothing.
    const isRest = this.#kept.at(-1)?.text.length === this.#longest;
    this.#longest = Math.max(this.#longest, line.text.length);
    if (line.usual.length === 0 && !isRest && !mayHaveData(line.text)) return;
    this.#kept.push(line);
    this.#keptSize += line.size;
    while (this.#keptSize > MOST_KEPT) {
      const first = this.#kept[this.#dropped++];
      this.#before = first;
      this.#keptSize -= first?.size ?? this.#keptSize;
      this.#keptFrom += first?.usual.length ?? 0;
    }
    if (this.#dropped < MOST_DROPPED) return;
    this.#kept.splice(0, this.#dropped);
    this.#dropped = 0;
  }

  /** Forgets the lines that are done; the last one is needed where the next message has begun on it. */
  #forget(done = this.#kept.at(-1)): void {
    this.#search = undefined;
    this.#waiting = [];
    const from = done ? this.#kept.lastIndexOf(done) : -1;
    const since = from < 0 ? [] : this.#kept.slice(from + 1);
    const last = this.#way.pending > 0 ? done : undefined;
    this.#before = last ? undefined : done;
    this.#kept = [...(last ? [new Line(last.text, last.usual, true)] : []), ...since];
    this.#keptSize = this.#kept.reduce((sum, { size }) => sum + size, 0);
    this.#dropped = 0;
    this.#keptFrom = this.#way.end - this.#kept.reduce((sum, { usual }) => sum + usual.length, 0);
  }
}

const isDiscarded = ({ kind }: StreamItem): boolean => kind === 'discarded';
