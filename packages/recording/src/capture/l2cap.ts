import { PacketBoundary } from '@ubmsc/hci';

/** The channel of the Attribute Protocol (Core Specification 5.4, Vol 3, Part A, 2.1). */
export const ATT_CHANNEL = 0x0004;

/** Octets before the payload of an L2CAP PDU: its length and its channel. */
export const L2CAP_HEADER = 4;

/** Octets of the longest ATT PDU that is put together: an attribute has at most 512, and hosts agree to little more. */
const LONGEST = 1024;

/** Puts the ATT PDUs of one direction of one connection together again. Other channels are left out. */
export class AttReassembly {
  /** Most connections never need one: their PDUs come whole. */
  #buffer: Buffer | undefined;
  #length = 0;
  /** Octets that the PDU has; 0 while none is begun. */
  #wanted = 0;
  /** What is there of a header that came in pieces. */
  #header: Buffer | undefined;

  /** A PDU has begun and is not complete. */
  get pending(): boolean {
    return this.#wanted > 0 || this.#header !== undefined;
  }

  /** Takes the payload of an ACL data packet, and returns the ATT PDU that it completes. */
  push(fragment: Buffer, packetBoundary: number): Buffer | undefined {
    if (packetBoundary !== PacketBoundary.continuing) return this.#begin(fragment);
    if (this.#header) return this.#begin(Buffer.concat([this.#header, fragment]));
    return this.#wanted > 0 ? this.#add(fragment) : undefined;
  }

  #begin(bytes: Buffer): Buffer | undefined {
    this.#length = this.#wanted = 0;
    this.#header = bytes.length < L2CAP_HEADER ? Buffer.from(bytes) : undefined;
    if (this.#header) return undefined;
    const length = bytes.readUInt16LE(0);
    if (bytes.readUInt16LE(2) !== ATT_CHANNEL || length === 0 || length > LONGEST) return undefined;
    // Most PDUs come whole, and need no copy.
    if (bytes.length >= L2CAP_HEADER + length) return bytes.subarray(L2CAP_HEADER, L2CAP_HEADER + length);
    this.#wanted = length;
    return this.#add(bytes.subarray(L2CAP_HEADER));
  }

  #add(fragment: Buffer): Buffer | undefined {
    this.#buffer ??= Buffer.alloc(LONGEST);
    this.#length += fragment.copy(this.#buffer, this.#length, 0, this.#wanted - this.#length);
    if (this.#length < this.#wanted) return undefined;
    const pdu = this.#buffer.subarray(0, this.#wanted);
    this.#wanted = 0;
    return pdu;
  }
}
