/** Octets before the value: the header of an ACL packet, that of L2CAP, the opcode, and a handle. */
const HEAD = 11;

/** Opcodes that bring a value: notification, indication, write request, write command (Vol 3, Part F, 3.4). */
const OPCODES: ReadonlySet<number> = new Set([0x1b, 0x1d, 0x12, 0x52]);

/** The channel of the Attribute Protocol (Core Specification 5.4, Vol 3, Part A, 2.1). */
const ATT_CHANNEL = 0x0004;

const NO_BYTES = Buffer.alloc(0);

/** Takes the values out of whole packets that a text shows, as `hcidump -R` and Wireshark print them. */
export class AttValues {
  #rest: Buffer = NO_BYTES;

  /** The values that these bytes complete, one behind the other. Bytes of no packet are left out. */
  push(bytes: Uint8Array): Uint8Array {
    const all = Buffer.concat([this.#rest, bytes]);
    const values: Buffer[] = [];
    let at = 0;
    while (at + HEAD <= all.length) {
      const length = valueLength(all, at);
      if (length === undefined) {
        at++;
        continue;
      }
      const end = at + HEAD + length;
      if (end > all.length) break;
      values.push(all.subarray(at + HEAD, end));
      at = end;
    }
    this.#rest = all.subarray(at);
    return Buffer.concat(values);
  }
}

/** How long the value of a packet is that begins here; undefined when none does. */
function valueLength(bytes: Buffer, at: number): number | undefined {
  const length = bytes.readUInt16LE(at + 4);
  const isPacket =
    bytes.readUInt16LE(at + 2) === length + 4 &&
    bytes.readUInt16LE(at + 6) === ATT_CHANNEL &&
    OPCODES.has(bytes[at + 8] ?? 0);
  return isPacket && length >= 3 ? length - 3 : undefined;
}
