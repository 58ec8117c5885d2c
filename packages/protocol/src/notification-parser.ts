import { heartbeat } from './request.ts';
import { TimedParser, type TimedItem } from './timed-parser.ts';

/** A notification that is the same as the one before, and comes so soon after it, may be a copy; in milliseconds. */
const COPY_WITHIN = 5;

/** A message whose rest has not come after this time never will (reference, section 2.3), in milliseconds. */
const STALLED = 1000;

/**
 * Cuts the notifications of one connection into messages, as `TimedParser` does with their bytes, and knows three
 * things that only show in them: a heartbeat of its own may come in the middle of a record, a message whose rest does
 * not come is given up, and notifications that some hosts deliver twice are taken once. Equal notifications in a row are legal, so a copy is left out only where a record
 * passes its checksum without it.
 */
export class NotificationParser {
  #parser = new TimedParser();
  /** Reads the same notifications without those that may be copies, from the first of those on. */
  #withoutCopies: TimedParser | undefined;
  #latest: Uint8Array | undefined;
  #heard = 0;

  /** Takes a notification, and when it came by a monotonic clock in milliseconds. Returns what it completes. */
  push(bytes: Uint8Array, time: number): readonly TimedItem[] {
    // The module sends it by itself: what it interrupts is as if it had not come.
    if (this.#parser.pending > 0 && isHeartbeat(bytes)) {
      return [{ kind: 'heartbeat', offset: this.#parser.received }];
    }
    const stalled = this.#parser.pending > 0 && time - this.#heard > STALLED;
    const givenUp = stalled ? this.#parser.end() : [];
    if (stalled) this.#withoutCopies = undefined;
    const isCopy = this.#isCopy(bytes, time);
    this.#latest = isCopy ? undefined : bytes; // a copy has no copy: what follows it is new
    this.#heard = time;
    // What the two read differs from the first copy on, and is the same again when both are between two messages.
    if (isCopy) this.#withoutCopies ??= this.#parser.copy();
    const found = this.#parser.push(bytes, time);
    const otherwise = isCopy ? [] : this.#withoutCopies?.push(bytes, time);
    if (this.#withoutCopies && otherwise?.some(isFrame) && !found.some(isFrame)) {
      this.#parser = this.#withoutCopies;
      this.#withoutCopies = undefined;
      return [...givenUp, ...otherwise];
    }
    if (found.some(isFrame)) this.#withoutCopies = undefined;
    return givenUp.length > 0 ? [...givenUp, ...found] : found;
  }

  /** Gives up on a message that is not complete; see {@link StreamParser.end}. */
  end(): readonly TimedItem[] {
    this.#withoutCopies = undefined;
    return this.#parser.end();
  }

  #isCopy(bytes: Uint8Array, time: number): boolean {
    const before = this.#latest;
    if (before?.length !== bytes.length || time - this.#heard > COPY_WITHIN) return false;
    return bytes.every((byte, index) => byte === before[index]);
  }
}

function isHeartbeat(bytes: Uint8Array): boolean {
  return bytes.length === heartbeat.length && bytes.every((byte, index) => byte === heartbeat[index]);
}

function isFrame(item: TimedItem): boolean {
  return item.kind === 'frame';
}
