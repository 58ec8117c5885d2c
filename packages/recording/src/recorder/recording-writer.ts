import { eventLine, headerLine } from '../format/recording-lines.ts';
import { openingBefore } from '../format/excerpt.ts';
import { recordBegunIn } from '../format/connections.ts';
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordingEvent,
  type RecordingHeader,
} from '../format/recording.ts';
import { RecordingRedactor, type RecordingRedaction } from '../format/recording-redactor.ts';
import type { GattService } from '@ubmsc/session';
import { SessionFacts } from './session-facts.ts';

/** What the battery reports about itself stands in the header, so events wait for it: at most this many, and for this time in ms. */
const MOST_WAITING = 2000;
const LONGEST_WAIT = 30_000;

/** After this many events that wait for the rest of a record, it is given up. */
const MOST_HELD = 1000;

/** Most events that are kept of the opening of a link, for the parts that begin later. */
const MOST_OPENING = 500;

/** Longest text of a header. */
const LONGEST_TEXT = 200;

/** Where the lines of one part of a recording go. */
export interface RecordingPart {
  write(text: string): void;
  /** The part is complete. */
  end(): void;
}

/** What is known of a session beside what goes over its link. It may become known later. */
export interface SessionDescription {
  readonly address?: string | undefined;
  readonly name?: string | undefined;
  readonly mtu?: number | undefined;
  readonly gatt?: readonly GattService[] | undefined;
}

export interface RecordingWriterOptions extends RecordingRedaction {
  /** What records, and from where. */
  readonly origin: string;
  readonly note?: string | undefined;
  readonly simulated: boolean;
  /** The time that is 0 ms, in milliseconds since 1970-01-01 UTC. */
  readonly started: number;
  /** Begins a part, when its header is known. */
  readonly begin: (header: RecordingHeader) => RecordingPart;
  /** A part that has this many octets, or is this old in milliseconds, is followed by another one. */
  readonly rotate?: { readonly octets?: number | undefined; readonly time?: number | undefined } | undefined;
}

/** What a recording that was written holds. */
export interface RecordingSummary {
  /** That of its first part; undefined when there is none. */
  readonly header: RecordingHeader | undefined;
  /** Records whose checksum was right. */
  readonly frames: number;
  readonly notifications: number;
  readonly writes: number;
  /** From the start to the last event, in milliseconds. */
  readonly duration: number;
}

/**
 * Writes the events of one session as a recording, without what must not leave the program, and keeps of them only what
 * waits: for the header, or for the rest of a record. Each part stands by itself: it has the opening of the link again.
 */
export class RecordingWriter {
  readonly #options: RecordingWriterOptions;
  readonly #redactor: RecordingRedactor;
  readonly #facts = new SessionFacts();
  #description: SessionDescription = {};
  /** Events that wait for the header of the first part. */
  #waiting: RecordingEvent[] = [];
  /** Events since the link was made, up to the first cell data. */
  #opening: RecordingEvent[] = [];
  #part: RecordingPart | undefined;
  /** That of the first part. */
  #header: RecordingHeader | undefined;
  #parts = 0;
  #partStart = 0;
  #partOctets = 0;
  #held = 0;
  #latest = 0;
  #notifications = 0;
  #writes = 0;

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    this.#redactor = new RecordingRedactor(options);
  }

  get summary(): RecordingSummary {
    return {
      header: this.#header,
      frames: this.#facts.frames,
      notifications: this.#notifications,
      writes: this.#writes,
      duration: this.#latest,
    };
  }

  /** Takes what has become known of the session; it stands in the headers that are written from now on. */
  describe(description: SessionDescription): void {
    this.#description = { ...this.#description, ...description };
  }

  /** Takes an event. A time that steps back counts as the one before it. */
  push(event: RecordingEvent): void {
    this.#latest = Math.max(event.ms, this.#latest);
    const timely = event.ms === this.#latest ? event : { ...event, ms: this.#latest };
    if (event.kind === 'notify') {
      this.#notifications++;
      this.#facts.push(event.bytes, this.#latest);
    } else if (event.kind === 'write') {
      this.#writes++;
    }
    this.#held++;
    this.#give(this.#redactor.push(timely));
    // A link that has ended brings no rest.
    const isEnd = event.kind === 'state' && ['lost', 'refused', 'closed'].includes(event.state);
    if (isEnd || this.#held > MOST_HELD) this.#give(this.#redactor.end());
    if (!this.#part && this.#isKnown) this.#begin(0);
  }

  /** Ends the recording; without any event there is none. */
  end(): RecordingSummary {
    this.#facts.end();
    this.#give(this.#redactor.end());
    if (!this.#part && this.#waiting.length > 0) this.#begin(0);
    this.#part?.end();
    this.#part = undefined;
    return this.summary;
  }

  get #isKnown(): boolean {
    if (this.#facts.layout !== undefined && this.#facts.deviceInfo) return true;
    return (
      this.#waiting.length > MOST_WAITING ||
      this.#latest - (this.#waiting[0]?.ms ?? this.#latest) > LONGEST_WAIT
    );
  }

  #give(events: readonly RecordingEvent[]): void {
    this.#held = Math.max(0, this.#held - events.length);
    for (const event of events) {
      if (!this.#part) {
        this.#waiting.push(event);
        continue;
      }
      if (this.#isDue(event)) this.#begin(event.ms);
      this.#noteOpening(event);
      this.#write(event);
    }
  }

  /** Parts are cut where no record is. */
  #isDue(event: RecordingEvent): boolean {
    const { octets = Infinity, time = Infinity } = this.#options.rotate ?? {};
    if (this.#partOctets < octets && event.ms - this.#partStart < time) return false;
    return event.kind === 'notify' && recordBegunIn(event.bytes) !== undefined;
  }

  #begin(start: number): void {
    this.#part?.end();
    this.#parts++;
    this.#partStart = start;
    this.#partOctets = 0;
    const header = this.#redactor.header(this.#makeHeader());
    this.#header ??= header;
    this.#part = this.#options.begin(header);
    this.#writeText(headerLine(header));
    if (this.#parts > 1) {
      const before = this.#opening;
      for (const event of openingBefore(before, before.length)) this.#write(event);
    }
    this.#give(this.#waiting.splice(0));
  }

  #noteOpening(event: RecordingEvent): void {
    if (event.kind === 'state' && event.state === 'connecting') this.#opening = [];
    if (this.#opening.length < MOST_OPENING) this.#opening.push(event);
  }

  #write(event: RecordingEvent): void {
    const timely = this.#partStart === 0 ? event : { ...event, ms: event.ms - this.#partStart };
    this.#writeText(eventLine(timely));
  }

  #writeText(text: string): void {
    this.#partOctets += text.length;
    this.#part?.write(text);
  }

  #makeHeader(): RecordingHeader {
    const { origin, note, simulated, started } = this.#options;
    const { address, name, mtu, gatt } = this.#description;
    const { deviceInfo, layout } = this.#facts;
    return {
      format: RECORDING_FORMAT,
      version: RECORDING_VERSION,
      started: new Date(started + this.#partStart).toISOString(),
      origin: origin.slice(0, LONGEST_TEXT),
      note,
      part: this.#options.rotate && this.#parts,
      device: {
        address,
        name: shortened(name ?? deviceInfo?.deviceName),
        model: shortened(deviceInfo?.deviceModel),
        hardware: shortened(deviceInfo?.hardwareVersion),
        firmware: shortened(deviceInfo?.softwareVersion),
      },
      layout,
      mtu,
      gatt,
      simulated,
      redacted: false,
      anonymized: false,
    };
  }
}

function shortened(value: string | null | undefined): string | undefined {
  return value?.slice(0, LONGEST_TEXT) || undefined;
}
