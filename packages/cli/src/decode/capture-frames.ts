import { CaptureImport, type CapturedSession } from '@ubmsc/recording';
import { NotificationParser, type StreamItem, type Variant } from '@ubmsc/protocol';
import { captureProblems } from '../capture-problems.ts';
import type { Found, FrameSource } from './found.ts';
import { Senders } from './senders.ts';

/** The stream of one session, whose frames are of one sender. */
interface Session {
  readonly parser: NotificationParser;
  readonly senders: Senders;
}

/** Frames in a capture of Bluetooth: what batteries have sent in the sessions that are in it. */
export class CaptureFrames implements FrameSource {
  readonly #warn: (text: string) => void;
  readonly #import: CaptureImport;
  readonly #sessions = new Map<CapturedSession, Session>();
  #found: Found[] = [];
  #frames = 0;
  #bytes = 0;

  constructor(variant: Variant | undefined, warn: (text: string) => void) {
    this.#warn = warn;
    this.#import = new CaptureImport({
      began: (session) => {
        this.#sessions.set(session, { parser: new NotificationParser(), senders: new Senders(variant) });
      },
      value: (session, { kind, bytes, time }) => {
        const stream = this.#sessions.get(session);
        if (!stream || kind !== 'notification') return;
        this.#bytes += bytes.length;
        this.#take(stream, stream.parser.push(bytes, time));
      },
      ended: (session) => {
        const stream = this.#sessions.get(session);
        if (!stream) return;
        this.#sessions.delete(session);
        this.#take(stream, stream.parser.end());
        this.#found.push(...stream.senders.end());
      },
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): readonly Found[] {
    this.#import.push(chunk);
    return this.#given();
  }

  end(): readonly Found[] {
    captureProblems(this.#import.end()).forEach(this.#warn);
    return this.#given();
  }

  #take({ senders }: Session, items: readonly StreamItem[]): void {
    for (const item of items) {
      if (item.kind !== 'frame') this.#found.push(item);
      else {
        const { frame, offset } = item;
        senders.push({ frame, offset, number: ++this.#frames }, this.#found);
      }
    }
  }

  #given(): readonly Found[] {
    const given = this.#found;
    this.#found = [];
    return given;
  }
}
