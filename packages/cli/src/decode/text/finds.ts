import { FRAME_LENGTH, REQUEST_LENGTH, type StreamItem } from '@ubmsc/protocol';
import { isSame } from './way.ts';

/** A record, and the line that has completed it. */
export interface Shown {
  readonly frame: Uint8Array;
  readonly line: string;
}

/** What has been found in some reading of lines. */
export class Finds {
  readonly items: StreamItem[] = [];
  #discarded = 0;
  #inFrames = 0;
  #inRequests = 0;
  protected latest: Shown | undefined;
  hasMessage = false;

  constructor(latest?: Shown) {
    this.latest = latest;
  }

  /** How many bytes are in no message. */
  get leftOver(): number {
    return this.#discarded;
  }

  /** How many bytes are in records. One that comes again at once does not count. */
  get gain(): number {
    return this.#inFrames;
  }

  /** How many bytes are in messages, less those that are in none. */
  get worth(): number {
    return this.#inFrames + this.#inRequests - this.leftOver;
  }

  protected count(item: StreamItem, line = ''): void {
    this.hasMessage ||= isMessage(item);
    if (item.kind === 'discarded') this.#discarded += item.bytes.length;
    else if (item.kind === 'request') this.#inRequests += REQUEST_LENGTH;
    else if (item.kind === 'frame') {
      if (!isSame(item.frame.bytes, this.latest?.frame)) this.#inFrames += FRAME_LENGTH;
      this.latest = { frame: item.frame.bytes, line };
    }
  }
}

export const isMessage = ({ kind }: StreamItem): boolean => kind === 'frame' || kind === 'request';

/** Whether a line that looks different has shown the same record before. */
export function isShownTwice(before: Shown | undefined, frame: Uint8Array, line: string): boolean {
  return before !== undefined && isSame(frame, before.frame) && shape(line) !== shape(before.line);
}

/** What a line looks like, whatever its digits are, and however many bytes it has. */
function shape(line: string): string {
  return line.replaceAll(/[0-9a-f]+/gi, '0').replaceAll(/(\w{1,3}\W{0,3})\1+/g, '$1');
}
