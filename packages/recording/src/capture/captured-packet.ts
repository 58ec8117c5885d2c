import type { PacketDirection } from '@ubmsc/hci';

/** One HCI packet of a capture. */
export interface CapturedPacket {
  /** Milliseconds since 1970-01-01 UTC, to the microsecond where the capture has it. */
  readonly time: number;
  /** Tells apart the controllers of one capture. */
  readonly controller: number;
  /** Undefined where the format of the capture does not say it. */
  readonly direction: PacketDirection | undefined;
  /** The indicator of H4: what kind of packet it is (Core Specification 5.4, Vol 4, Part A, 2). */
  readonly indicator: number;
  /** The packet after its indicator. Valid until the next packet is read: a copy must be made to keep it. */
  readonly body: Buffer;
}
