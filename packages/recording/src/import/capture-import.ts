import { CaptureError } from '../capture/capture-error.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import type { CapturedSessionEvents } from './captured-session.ts';
import { SessionFinder } from './session-finder.ts';

/** What was in a capture, and what is wrong with it. */
export interface CaptureSummary {
  /** HCI packets that were read. */
  readonly packets: number;
  /** LE connections, to batteries or to anything. */
  readonly connections: number;
  /** Packets whose length is not what they say. */
  readonly malformed: number;
  /** Packets of which only a part was captured: what they carried is missing. */
  readonly truncated: number;
  /** Octets at the end that are a record that was cut off. */
  readonly cutOff: number;
  /** Where the capture stops making sense: nothing after it was read. */
  readonly damage: CaptureError | undefined;
}

/** Reads the sessions in a capture file, however it comes in pieces. Memory does not grow with the file. */
export class CaptureImport {
  readonly #reader = new CaptureReader();
  readonly #finder: SessionFinder;
  #packets = 0;
  #damage: CaptureError | undefined;

  constructor(events: CapturedSessionEvents) {
    this.#finder = new SessionFinder(events);
  }

  /** Where the capture is damaged; what follows is not read any more. */
  get damage(): CaptureError | undefined {
    return this.#damage;
  }

  push(chunk: Uint8Array): void {
    if (this.#damage) return;
    this.#guarded(() => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      for (const packet of this.#reader.push(bytes)) {
        this.#packets++;
        this.#finder.push(packet);
      }
    });
  }

  /** Ends the file, and the sessions in it. */
  end(): CaptureSummary {
    let cutOff = 0;
    if (!this.#damage) this.#guarded(() => (cutOff = this.#reader.end()));
    this.#finder.end();
    const { connections, malformed } = this.#finder;
    const { truncated } = this.#reader;
    return { packets: this.#packets, connections, malformed, truncated, cutOff, damage: this.#damage };
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.#damage = error;
    }
  }
}
