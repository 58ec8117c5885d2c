import { errorCodes } from '@ubmsc/hci';
import type { RecordingEvent } from '../format/recording.ts';
import type { SessionReason } from '@ubmsc/session';
import {
  RecordingWriter,
  type RecordingSummary,
  type RecordingWriterOptions,
} from '../recorder/recording-writer.ts';
import type { CapturedSession, CapturedValue } from './captured-session.ts';
import { recordedServices } from './recorded-gatt.ts';

/** A value has 512 octets at most (Core Specification 5.4, Vol 3, Part F, 3.2.9). */
const LONGEST_VALUE = 512;

/** ATT_MTU of every link until another is agreed to, and the largest that a header takes. */
const DEFAULT_MTU = 23;
const LARGEST_MTU = 517;

/** The last millisecond that has four digits of a year, and the longest time from the start. */
const LATEST = Date.UTC(9999, 11, 31);
const LONGEST_SESSION = 1e12;

/** Makes a recording of a session of a capture, as it comes; see `RecordingWriter`. */
export class SessionRecorder {
  readonly #session: CapturedSession;
  readonly #writer: RecordingWriter;
  readonly #start: number;
  #begun = false;

  constructor(session: CapturedSession, options: Omit<RecordingWriterOptions, 'started' | 'simulated'>) {
    this.#session = session;
    // A damaged capture has any times.
    this.#start = Math.floor(Math.min(Math.max(session.since, 0), LATEST)) || 0;
    this.#writer = new RecordingWriter({
      ...options,
      started: this.#start,
      simulated: session.isVirtual,
      begin: (header) => {
        this.#begun = true;
        return options.begin(header);
      },
    });
  }

  value({ kind, bytes, time }: CapturedValue): void {
    const ms = this.#ms(time);
    for (let at = 0; at === 0 || at < bytes.length; at += LONGEST_VALUE) {
      const piece = bytes.subarray(at, at + LONGEST_VALUE);
      this.#push({ ms, kind: kind === 'notification' ? 'notify' : 'write', bytes: piece });
    }
  }

  /** Ends the recording; `reason` is an error code of the Core Specification. */
  end(time: number, reason: number | undefined): RecordingSummary {
    const state = endOf(reason, this.#session.isOwn);
    if (state) this.#push({ ms: this.#ms(time), kind: 'state', ...state });
    return this.#writer.end();
  }

  #push(event: RecordingEvent): void {
    // Most of what the header says is known before the first event, and all else before the event that completes it.
    if (!this.#begun) this.#describe();
    this.#writer.push(event);
  }

  #ms(time: number): number {
    return Math.min(Math.max(time - this.#start, 0), LONGEST_SESSION) || 0;
  }

  #describe(): void {
    const { device, isWhole, mtu, services, characteristics } = this.#session;
    const gatt = recordedServices(services, characteristics);
    this.#writer.describe({
      ...device,
      // One that was agreed to before the capture began is not known.
      mtu: isWhole || mtu > DEFAULT_MTU ? Math.min(mtu, LARGEST_MTU) : undefined,
      gatt: gatt.length > 0 ? gatt : undefined,
    });
  }
}

/** What an error code says of the end of a session with a battery at the other end, or at this one. */
function endOf(
  code: number | undefined,
  isOwn: boolean,
): { state: 'lost' | 'closed'; reason: SessionReason } | undefined {
  switch (code) {
    case undefined:
      return undefined;
    case errorCodes['Remote User Terminated Connection']:
    case errorCodes['Connection Terminated By Local Host']: {
      const byOther = code === errorCodes['Remote User Terminated Connection'];
      return byOther === isOwn
        ? { state: 'closed', reason: 'closedByUser' }
        : { state: 'lost', reason: 'closedByBattery' };
    }
    case errorCodes['Connection Timeout']:
      return { state: 'lost', reason: 'supervisionTimeout' };
    case errorCodes['Connection Failed to be Established / Synchronization Timeout']:
      return { state: 'lost', reason: 'setupFailed' };
    default:
      return { state: 'lost', reason: 'linkLost' };
  }
}
