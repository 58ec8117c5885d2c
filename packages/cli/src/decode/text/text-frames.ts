import type { StreamItem } from '@ubmsc/protocol';
import { Lines } from './lines.ts';
import { mayHaveData } from './readings.ts';
import { isMessage, Search, type Attempt } from './search.ts';
import { Unwrap } from './unwrap.ts';
import { UsualReading } from './usual-reading.ts';
import { Line, NOTHING, USUAL, Way } from './way.ts';

/** Most characters of lines that are kept, to be read in another way when the usual one gives no message. */
const MOST_KEPT = 262_144;

/** Lines that are too many are taken away together: the others have to move up. */
const MOST_DROPPED = 4096;

/** After this many characters without a message in any reading, the usual one is right: the text is damaged. */
const LONGEST_SEARCH = 524_288;

/** After this many characters without a message, lines are read in every way. */
const ENOUGH = 16_384;

/** In a text that a terminal has cut, at least this share of lines is as long as the terminal was wide. */
const CUT_SHARE = 0.25;

/**
 * Finds the messages that a text shows. A line can often be meant in several ways: digits of a time stamp or an address
 * of an object look like data, and some programs print each notification twice. So the usual reading of lines is used
 * as long as it gives messages with nothing left over; where it does not, the same lines are read in every way, and
 * the one that completes a message (length, checksum) with the least left over is used from there on. Where none does,
 * the lines may have been cut by a terminal, and are joined.
 *
 * Never throws; memory and time are bounded.
 */
export class TextFrames {
  readonly #lines = new Lines();
  readonly #usual = new UsualReading();
  /** Once it is known that lines were cut. */
  #unwrap: Unwrap | undefined;
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
  #last: { readonly frame: Uint8Array; readonly line: string } | undefined;
  /** The line before those that are kept: what it has shown is not new where it begins the next one. */
  #before: Line | undefined;

  /** How many bytes the text has shown. */
  get bytes(): number {
    return this.#way.end;
  }

  /** Takes the next piece of the text and returns what its lines complete. */
  push(text: string): StreamItem[] {
    return this.#readAll(this.#lines.push(text));
  }

  /** Ends the text and returns what is in a last line without an end, and what never became complete. */
  end(): StreamItem[] {
    const items = this.#readAll(this.#lines.end());
    for (const line of this.#unwrap?.end() ?? []) items.push(...this.#read(line));
    const rest = this.#way.finish();
    if (!this.#search && (rest.some(isDiscarded) || this.#kept.length > 0)) this.#begin();
    this.#search?.end();
    const better = this.#best(true);
    return [...items, ...(better ? [...this.#take(better), ...better.rest] : [...this.#waiting, ...rest])];
  }

  #readAll(lines: readonly string[]): StreamItem[] {
    const found: StreamItem[] = [];
    for (const line of lines)
      for (const each of this.#unwrap?.push(line) ?? [line])
        for (const item of this.#read(each)) found.push(item);
    return found;
  }

  #read(text: string): readonly StreamItem[] {
    const line = new Line(text, this.#usual.read(text));
    const items = this.#way.read(line);
    this.#keep(line);
    if (this.#search) {
      this.#waiting.push(...items);
      this.#search.push(line);
    } else if (items.some(isDiscarded) || this.#keptSize > ENOUGH) {
      this.#waiting = [...items];
      this.#begin();
    } else {
      return items.some(isMessage) ? this.#give(items, text) : items;
    }
    const better = this.#best();
    if (better) return this.#take(better);
    if (this.#search && this.#search.size < LONGEST_SEARCH) return NOTHING;
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
    const isTwice =
      isWhole &&
      !this.#way.hasGrown &&
      frame &&
      before &&
      Buffer.compare(frame, before.frame) === 0 &&
      shape(text) !== shape(before.line);
    return isTwice ? NOTHING : items;
  }

  /** Goes on in a way that has completed messages. A buffer that was printed while it grew is not damaged. */
  #take({ way, items }: Attempt): readonly StreamItem[] {
    this.#way = way;
    const frame = items.findLast((item) => item.kind === 'frame')?.frame.bytes;
    this.#last = frame && { frame, line: this.#kept.at(-1)?.text ?? '' };
    this.#forget();
    return items.filter(
      (item) =>
        !(frame && item.kind === 'discarded' && item.bytes.every((byte, index) => byte === frame[index])),
    );
  }

  #begin(): void {
    this.#search = new Search(this.#way, this.#keptFrom, this.#last?.frame, this.#before);
    for (const line of this.#kept) this.#search.push(line);
  }

  /** What the search has found. Lines that may have been cut are joined where that leaves less over. */
  #best(isEnd = false): Attempt | undefined {
    const best = this.#search?.best();
    if (!this.#search || this.#unwrap || (best && best.leftOver === 0)) return best;
    const isTime = isEnd || best || (this.#search.size > ENOUGH && !this.#search.isJoined);
    if (!isTime) return best;
    this.#search.isJoined = true;
    const kept = this.#kept
      .slice(this.#dropped)
      .filter(({ given }) => !given)
      .map(({ text }) => text);
    const share = Unwrap.shareOfFull(kept);
    // Lines that are all of one length are rather of one kind.
    if (share < CUT_SHARE || (best && share === 1)) return best;
    const unwrap = new Unwrap();
    const texts = kept.flatMap((text) => unwrap.push(text));
    const usual = new UsualReading();
    const lines = [...texts, ...(isEnd ? unwrap.end() : [])].map((text) => new Line(text, usual.read(text)));
    const search = new Search(new Way(USUAL, this.#keptFrom), this.#keptFrom, this.#last?.frame);
    for (const line of lines) search.push(line);
    if (isEnd) search.end();
    const joined = search.best();
    if (!joined || (best && joined.leftOver >= best.leftOver)) return best;
    this.#unwrap = unwrap;
    this.#kept = lines;
    this.#dropped = 0;
    return joined;
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
  #forget(): void {
    this.#search = undefined;
    this.#waiting = [];
    const latest = this.#kept.at(-1);
    const last = this.#way.pending > 0 ? latest : undefined;
    this.#before = last ? undefined : latest;
    this.#kept = last ? [new Line(last.text, last.usual, true)] : [];
    this.#keptSize = last?.size ?? 0;
    this.#dropped = 0;
    this.#keptFrom = this.#way.end - (last?.usual.length ?? 0);
  }
}

const isDiscarded = ({ kind }: StreamItem): boolean => kind === 'discarded';

/** What a line looks like, whatever its digits are. */
function shape(line: string): string {
  return line.replaceAll(/[0-9a-f]+/gi, '0');
}
