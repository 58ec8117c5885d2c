import {
  pseudonymOf,
  withoutSecrets,
  withPseudonym,
  StreamRedactor,
  type Pseudonym,
  type Redactor,
} from '@ubmsc/protocol';
import type { RecordingEvent, RecordingHeader } from './recording.ts';

/** What is taken out of a recording. */
export interface RecordingRedaction {
  /** Leaves the passcodes where they are. */
  readonly showSecrets?: boolean | undefined;
  /** Puts the pseudonym of this number in place of address, name and serial number; then the passcodes go, too. */
  readonly anonymize?: number | undefined;
}

/**
 * Takes out of the events of one session what must not leave the program, and leaves how they are cut, their order and
 * their times as they are. An event comes back when the record that it is a part of is complete.
 */
export class RecordingRedactor {
  readonly #pseudonym: Pseudonym | undefined;
  readonly #redactor: Redactor | undefined;
  readonly #stream: StreamRedactor;
  /** What waits for a notification that is delayed, or is one. */
  #held: RecordingEvent[] = [];

  constructor({ showSecrets = false, anonymize }: RecordingRedaction = {}) {
    this.#pseudonym = anonymize === undefined ? undefined : pseudonymOf(anonymize);
    this.#redactor = this.#pseudonym
      ? withPseudonym(this.#pseudonym)
      : showSecrets
        ? undefined
        : withoutSecrets;
    this.#stream = new StreamRedactor(this.#redactor);
  }

  /** The header as it may leave the program. */
  header(header: RecordingHeader): RecordingHeader {
    const { device } = header;
    const { address, name } = this.#pseudonym ?? {};
    return {
      ...header,
      redacted: header.redacted || this.#redactor !== undefined,
      anonymized: header.anonymized || this.#pseudonym !== undefined,
      ...(address !== undefined && { device: { ...device, address, name } }),
    };
  }

  push(event: RecordingEvent): readonly RecordingEvent[] {
    const redactor = this.#redactor;
    if (!redactor) return [event];
    if (event.kind === 'write') this.#held.push({ ...event, bytes: redactor.request(event.bytes) });
    else this.#held.push(event);
    const done = event.kind === 'notify' ? this.#stream.push(event.bytes, event.ms) : [];
    // Most are the middle of a record, and wait for its end.
    return done.length === 0 && this.#stream.pending > 0 ? [] : this.#release(done);
  }

  /** The link has ended, and with it what was not complete: returns what was delayed. */
  end(): readonly RecordingEvent[] {
    return this.#release(this.#stream.end());
  }

  #release(done: readonly Uint8Array[]): readonly RecordingEvent[] {
    const released: RecordingEvent[] = [];
    let next = 0;
    for (const event of this.#held) {
      const bytes = event.kind === 'notify' ? done[next++] : undefined;
      if (event.kind === 'notify' && bytes === undefined) break;
      released.push(event.kind === 'notify' && bytes ? { ...event, bytes } : event);
    }
    this.#held.splice(0, released.length);
    return released;
  }
}
