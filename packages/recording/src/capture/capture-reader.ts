import { btsnoop, BTSNOOP_HEADER, BTSNOOP_MAGIC } from './btsnoop.ts';
import { CaptureError } from './capture-error.ts';
import type { CapturedPacket } from './captured-packet.ts';
import type { Container } from './container.ts';
import { isPcap, pcap, PCAP_HEADER } from './pcap.ts';
import { isPcapng, Pcapng } from './pcapng.ts';

/** Octets by which every format is told. */
const SIGNATURE = 8;

/** Whether a file that begins so is a capture: btsnoop, pcap or pcapng. Needs its first 8 octets. */
export function isCapture(bytes: Buffer): boolean {
  return bytes.length >= SIGNATURE && (isBtsnoop(bytes) || isPcap(bytes) || isPcapng(bytes));
}

function isBtsnoop(bytes: Buffer): boolean {
  return bytes.subarray(0, SIGNATURE).equals(BTSNOOP_MAGIC);
}

/**
 * Reads the HCI packets of a capture file, however it comes in pieces. Keeps no more than one record: memory does not
 * grow with the file.
 */
export class CaptureReader {
  #container: Container | undefined;
  #rest: Buffer = Buffer.alloc(0);
  /** Where `#rest` begins in the file. */
  #offset = 0;
  /** Octets still to come of a record that is not read. */
  #skip = 0;
  #truncated = 0;

  /** Packets of which only a part was captured; they are left out. */
  get truncated(): number {
    return this.#truncated;
  }

  /** Octets that are kept of a record whose rest is still to come: fewer than the largest that is read. */
  get pending(): number {
    return this.#rest.length;
  }

  /**
   * Yields each packet that `chunk` completes. Iterate to the end before the next chunk. After an error use no more
   * of it: where the next record begins is not known.
   *
   * @throws {CaptureError} it is not a capture, or a record contradicts itself; after the good packets before it.
   */
  *push(chunk: Buffer): Generator<CapturedPacket, void, undefined> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    try {
      this.#container ??= this.#recognise(bytes);
      const container = this.#container;
      if (!container) return;
      at = this.#offset === 0 ? container.headerLength : 0;
      for (;;) {
        const skipped = Math.min(this.#skip, bytes.length - at);
        at += skipped;
        this.#skip -= skipped;
        const head = container.head(bytes, at, this.#offset + at);
        if (head?.skip) {
          this.#skip = head.length;
          continue;
        }
        if (!head || head.length > bytes.length - at) return;
        const packet = container.packet(bytes, at, head.length, this.#offset + at);
        at += head.length;
        if (packet === 'truncated') this.#truncated++;
        else if (packet) yield packet;
      }
    } finally {
      // A copy, so that a few octets do not keep a large chunk alive.
      this.#rest = Buffer.from(bytes.subarray(at));
      this.#offset += at;
    }
  }

  /**
   * Ends the file. Returns how many octets at its end are a record that was cut off: 0 when it ends with a whole one.
   *
   * @throws {CaptureError} it is not a capture, or has no packets of a kind that is read.
   */
  end(): number {
    if (!this.#container) {
      throw new CaptureError(
        this.#rest.length === 0 ? 'there are no bytes in it' : 'it ends within its header',
        this.#rest.length,
      );
    }
    if (this.#container.lack !== undefined) throw new CaptureError(this.#container.lack, this.#offset);
    return this.#rest.length;
  }

  #recognise(bytes: Buffer): Container | undefined {
    if (bytes.length < SIGNATURE) return undefined;
    if (isPcapng(bytes)) return new Pcapng();
    if (isBtsnoop(bytes)) return bytes.length < BTSNOOP_HEADER ? undefined : btsnoop(bytes);
    if (isPcap(bytes)) return bytes.length < PCAP_HEADER ? undefined : pcap(bytes);
    throw new CaptureError('this is not a capture: it begins neither as btsnoop nor as pcap or pcapng', 0);
  }
}
