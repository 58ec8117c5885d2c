import { NotificationParser, type StreamItem, type Variant } from '@ubmsc/protocol';
import { RecordingReader, type RecordingEvent } from '@ubmsc/recording';
import type { Found, FrameSource } from './found.ts';
import { Senders } from './senders.ts';

/** How the first line of a recording begins. */
export const RECORDING_START = '{"format":"ubmsc-recording"';

/** Frames in a recording: what the battery has sent. */
export class RecordingFrames implements FrameSource {
  readonly #decoder = new TextDecoder();
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
    return this.#take(this.#reader.push(this.#decoder.decode(chunk, { stream: true })));
  }

  end(): readonly Found[] {
    const { events, isTorn } = this.#reader.end();
    if (isTorn) this.#warn('the recording was cut off: its last line is left out');
    return [...this.#take(events), ...this.#told(this.#parser.end()), ...this.#senders.end()];
  }

  #take(events: readonly RecordingEvent[]): readonly Found[] {
    return events.flatMap((event): readonly Found[] => {
      if (event.kind === 'write') return [];
      // A link that has ended brings no rest.
      if (event.kind === 'state') return event.state === 'lost' ? this.#told(this.#parser.end()) : [];
      this.#bytes += event.bytes.length;
      return this.#told(this.#parser.push(event.bytes, event.ms));
    });
  }

  #told(items: readonly StreamItem[]): readonly Found[] {
    return items.flatMap((item): readonly Found[] =>
      item.kind === 'frame'
        ? this.#senders.push({ frame: item.frame, offset: item.offset, number: ++this.#frames })
        : [item],
    );
  }
}
