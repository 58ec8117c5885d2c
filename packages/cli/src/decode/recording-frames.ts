import { NotificationParser, type StreamItem, type Variant } from '@ubmsc/protocol';
import { RecordingReader, type RecordingEvent } from '@ubmsc/recording';
import type { Found, FrameSource } from './found.ts';
import { Senders } from './senders.ts';

/** How the first line of a recording begins. */
export const RECORDING_START = '{"format":"ubmsc-recording"';

/** Frames in a recording: what the battery has sent. */
export class RecordingFrames implements FrameSource {
  readonly #reader = new RecordingReader();
  readonly #parser = new NotificationParser();
  readonly #senders: Senders;
  readonly #warn: (text: string) => void;
  #frames = 0;
  #bytes = 0;

  constructor(variant: Variant | undefined, warn: (text: string) => void) {
    this.#senders = new Senders(variant);
    this.#warn = warn;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws {UsageError} a line makes no sense. */
  push(chunk: Uint8Array): readonly Found[] {
    return this.#take(this.#reader.push(chunk));
  }

  end(): readonly Found[] {
    const { events, isTorn } = this.#reader.end();
    if (isTorn) this.#warn('the recording was cut off: its last line is left out');
    const found = [...this.#take(events)];
    this.#tell(this.#parser.end(), found);
    return [...found, ...this.#senders.end()];
  }

  #take(events: readonly RecordingEvent[]): readonly Found[] {
    const found: Found[] = [];
    for (const event of events) {
      if (event.kind === 'notify') {
        this.#bytes += event.bytes.length;
        this.#tell(this.#parser.push(event.bytes, event.ms), found);
      } else if (event.kind === 'state' && event.state === 'lost') {
        // A link that has ended brings no rest.
        this.#tell(this.#parser.end(), found);
      }
    }
    return found;
  }

  #tell(items: readonly StreamItem[], found: Found[]): void {
    for (const item of items) {
      if (item.kind !== 'frame') found.push(item);
      else {
        const { frame, offset } = item;
        this.#senders.push({ frame, offset, number: ++this.#frames }, found);
      }
    }
  }
}
