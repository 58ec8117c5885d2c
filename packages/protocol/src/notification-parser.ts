import { heartbeat } from './request.ts';
import { TimedParser, type TimedItem } from './timed-parser.ts';

/** A notification that is the same as the one before, and comes so soon after it, may be a copy; in milliseconds. */
const COPY_WITHIN = 5;

/** A message whose rest has not come after this time never will (reference, section 2.3), in milliseconds. */
const STALLED = 1000;

const NOTHING: readonly TimedItem[] = [];

/**
 * Cuts the notifications of one connection into messages, as `TimedParser` does with their bytes, and knows three
 * things that only show in them: a heartbeat of its own may come in the middle of a record, a message whose rest does
 * not come is given up, and notifications that some hosts deliver twice are taken once. Equal notifications in a row are legal, so a copy is left out only where a record
 * passes its checksum without it.
 */
export class NotificationParser {
  #parser = new TimedParser();
  /** Reads the same notifications without those that may be copies, from the first of those on. */
  #withoutCopies: WaitingParser | undefined;
  #latest: Uint8Array | undefined;
  #heard = 0;

  /** Takes a notification, and when it came by a monotonic clock in milliseconds. Returns what it completes. */
  push(bytes: Uint8Array, time: number): readonly TimedItem[] {
    // The module sends it by itself: what it interrupts is as if it had not come.
    if (this.#parser.pending > 0 && isSame(bytes, heartbeat)) {
      return [{ kind: 'heartbeat', offset: this.#parser.received }];
    }
    const stalled = this.#parser.pending > 0 && time - this.#heard > STALLED;
    const givenUp = stalled ? this.#parser.end() : NOTHING;
    if (stalled) this.#withoutCopies = undefined;
    const isCopy = this.#isCopy(bytes, time);
    this.#latest = isCopy ? undefined : bytes; // a copy has no copy: what follows it is new
    this.#heard = time;
    // What the two read differs from the first copy on, and is the same again when both are between two messages.
    if (isCopy) this.#withoutCopies ??= new WaitingParser(this.#parser.copy());
    let found = this.#parser.push(bytes, time);
    if (this.#withoutCopies) {
      const otherwise = isCopy ? NOTHING : this.#withoutCopies.push(bytes, time);
      const hasFrame = found.some(isFrame);
      if (hasFrame || otherwise.some(isFrame)) {
        if (!hasFrame) [this.#parser, found] = [this.#withoutCopies.parser, otherwise];
        this.#withoutCopies = undefined;
      }
    }
    return givenUp.length > 0 ? [...givenUp, ...found] : found;
  }

  /** Gives up on a message that is not complete; see {@link StreamParser.end}. */
  end(): readonly TimedItem[] {
    this.#withoutCopies = undefined;
    return this.#parser.end();
  }

  #isCopy(bytes: Uint8Array, time: number): boolean {
    return this.#latest !== undefined && time - this.#heard <= COPY_WITHIN && isSame(bytes, this.#latest);
  }
}

/** Gives notifications to a parser when they can complete something: most often it is given up before. */
class WaitingParser {
  readonly parser: TimedParser;
  #waiting: { readonly bytes: Uint8Array; readonly time: number }[] = [];
  #length = 0;

  constructor(parser: TimedParser) {
    this.parser = parser;
  }

  push(bytes: Uint8Array, time: number): readonly TimedItem[] {
    this.#waiting.push({ bytes, time });
    this.#length += bytes.length;
    if (this.#length < this.parser.missing) return NOTHING;
    const given = this.#waiting;
    this.#waiting = [];
    this.#length = 0;
    return given.flatMap((each) => this.parser.push(each.bytes, each.time));
  }
}

function isSame(bytes: Uint8Array, others: Uint8Array): boolean {
  if (bytes.length !== others.length) return false;
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== others[index]) return false;
  return true;
}

function isFrame(item: TimedItem): boolean {
  return item.kind === 'frame';
}
