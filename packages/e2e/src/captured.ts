import type { PacketCapture } from '@ubmsc/hci';
import { redactRequest, StreamRedactor } from '@ubmsc/protocol';
import { SnoopWriter } from '@ubmsc/recording';

const redaction = { notifications: () => new StreamRedactor(), write: redactRequest };

/** A capture in memory, redacted as that of `--snoop` is. */
export function capturing(): { readonly bytes: Buffer[]; readonly capture: () => PacketCapture } {
  const bytes: Buffer[] = [];
  const capture = (): PacketCapture => {
    const writer = new SnoopWriter((chunk) => void bytes.push(chunk), redaction);
    return {
      packet: (packet, direction) => writer.push(packet, direction, Date.now()),
      [Symbol.asyncDispose]: async () => await Promise.resolve(writer.end()),
    };
  };
  return { bytes, capture };
}
