import type { CapturedPacket } from './captured-packet.ts';

/** One record of a container, by its header. */
export interface RecordHead {
  /** Octets of the whole record. */
  readonly length: number;
  /** It holds nothing that is read, so it need not be kept. */
  readonly skip?: boolean;
}

/** A file format of captures: how records follow each other, and what they hold. */
export interface Container {
  /** Octets before the first record. */
  readonly headerLength: number;
  /**
   * The record at `at`, or undefined while too little of its header is there. `offset` is where that is in the file.
   *
   * @throws {CaptureError} the header contradicts itself or the format.
   */
  head(bytes: Buffer, at: number, offset: number): RecordHead | undefined;
  /**
   * The packet of the complete record at `at`; undefined when it holds none that is read, and `truncated` when only a
   * part of it was captured.
   *
   * @throws {CaptureError} a length in the record does not fit it.
   */
  packet(bytes: Buffer, at: number, length: number, offset: number): CapturedPacket | 'truncated' | undefined;
  /** What the file lacks for its packets to be read, now that it is over. */
  readonly lack?: string | undefined;
}

/** Octets of the largest record that is read: what Wireshark allows for a packet. */
export const LONGEST_RECORD = 262_144;
