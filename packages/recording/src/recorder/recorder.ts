import type { BatterySource, BatteryStatus, Link } from '@ubmsc/session';
import type { RecordingHeader } from '../format/recording.ts';
import type { RecordingRedaction } from '../format/recording-redactor.ts';
import { ObservedLink } from './observed-link.ts';
import {
  RecordingWriter,
  type RecordingPart,
  type RecordingSummary,
  type RecordingWriterOptions,
} from './recording-writer.ts';

/** What is recorded, and what is left out of it. */
export interface RecorderOptions extends Pick<RecordingWriterOptions, 'origin' | 'note' | 'rotate'> {
  readonly showSecrets?: RecordingRedaction['showSecrets'];
  /** Puts pseudonyms in place of addresses, names and serial numbers. */
  readonly anonymize?: boolean | undefined;
  /** Begins a part of the recording of a battery. */
  readonly begin: (header: RecordingHeader) => RecordingPart;
}

interface Session {
  readonly writer: RecordingWriter;
  /** The time that is 0 ms, by the monotonic clock. */
  readonly start: number;
}

/**
 * Records batteries that are watched, each by itself: what goes over their links, and what becomes of them. Ends with
 * {@link Recorder.end}.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #sessions = new Map<string, Session>();
  #simulated = false;
  #following: Disposable | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** What was recorded so far, of each battery. */
  get summaries(): readonly RecordingSummary[] {
    return [...this.#sessions.values()].map(({ writer }) => writer.summary);
  }

  /** To be given to the adapter, which shows every link before it is used. */
  readonly observe = (link: Link): Link => {
    const { writer, start } = this.#session(link.address);
    writer.describe({ address: link.address, name: link.name, mtu: link.mtu, gatt: link.services });
    const ms = (): number => performance.now() - start;
    return new ObservedLink(link, {
      // What comes is only lent.
      notification: (bytes) => writer.push({ ms: ms(), kind: 'notify', bytes: new Uint8Array(bytes) }),
      write: (bytes) => writer.push({ ms: ms(), kind: 'write', bytes: new Uint8Array(bytes) }),
    });
  };

  /** Records what becomes of the batteries of a source. */
  follow(source: BatterySource): void {
    this.#following = source.observe((event) => {
      this.#simulated ||= event.status.simulated;
      if (event.kind === 'state') this.#state(event.status);
    });
  }

  /** Ends every recording. */
  end(): readonly RecordingSummary[] {
    this.#following?.[Symbol.dispose]();
    for (const { writer } of this.#sessions.values()) writer.end();
    return this.summaries;
  }

  #state({ address, name, state, reason }: BatteryStatus): void {
    if (address === undefined) return;
    const { writer, start } = this.#session(address);
    writer.describe({ address, name });
    writer.push({ ms: performance.now() - start, kind: 'state', state, ...(reason && { reason }) });
  }

  #session(address: string): Session {
    const known = this.#sessions.get(address);
    if (known) return known;
    const { anonymize, ...options } = this.#options;
    const session = {
      start: performance.now(),
      writer: new RecordingWriter({
        ...options,
        simulated: this.#simulated,
        started: Date.now(),
        ...(anonymize && { anonymize: this.#sessions.size + 1 }),
      }),
    };
    this.#sessions.set(address, session);
    return session;
  }
}
