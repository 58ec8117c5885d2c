/** Octets before the value: the header of an ACL packet, that of L2CAP, the opcode, and a handle. */
const HEAD = 11;

/** Opcodes that bring a value: notification, indication, write request, write command (Vol 3, Part F, 3.4). */
const OPCODES: ReadonlySet<number> = new Set([0x1b, 0x1d, 0x12, 0x52]);

/** The channel of the Attribute Protocol (Core Specification 5.4, Vol 3, Part A, 2.1). */
const ATT_CHANNEL = 0x0004;

/** Most octets of a packet of ATT: an attribute has at most 512. */
const MOST_IN_PACKET = 517;

/** Most octets before a packet on its first line: its direction and its type. */
const MOST_BEFORE = 5;

/**
 * Where lines show whole packets of a controller, as `hcidump -R` and Wireshark print them, only their values are data.
 * No value begins as a packet does, so other lines pass unchanged.
 */
export class AttValues {
  /** Octets of the value that are on the next lines. */
  #missing = 0;
  /** A short line that begins as a packet does. */
  #begun: Uint8Array = NO_BYTES;

  /** The data of the bytes that a line shows, with those of a line before that was too short to tell. */
  of(shown: Uint8Array): Uint8Array {
    if (shown.length === 0) return shown;
    const bytes = this.#begun.length > 0 ? Uint8Array.from([...this.#begun, ...shown]) : shown;
    this.#begun = NO_BYTES;
    if (this.#missing === 0 && mayBegin(bytes)) {
      this.#begun = bytes;
      return NO_BYTES;
    }
    const from = packetIn(bytes);
    if (from !== undefined) {
      const value = bytes.subarray(from + HEAD);
      this.#missing = lengthAt(bytes, from + 4) - 3;
      return this.#take(value);
    }
    return this.#missing > 0 ? this.#take(bytes) : bytes;
  }

  #take(bytes: Uint8Array): Uint8Array {
    const part = bytes.subarray(0, this.#missing);
    this.#missing -= part.length;
    return part;
  }
}

const NO_BYTES = new Uint8Array();

/** Whether these bytes may be the first ones of a packet's head. */
function mayBegin(bytes: Uint8Array): boolean {
  for (let at = 0; at <= MOST_BEFORE; at++) {
    const length = lengthAt(bytes, at + 4);
    const isShort = bytes.length > at + 6 && bytes.length < at + HEAD;
    const isOfAtt = bytes[at + 6] === ATT_CHANNEL && length >= 3 && length <= MOST_IN_PACKET;
    if (isShort && isOfAtt && lengthAt(bytes, at + 2) === length + 4) return true;
  }
  return false;
}

/** Where in these bytes a packet begins. */
function packetIn(bytes: Uint8Array): number | undefined {
  for (let at = 0; at <= MOST_BEFORE && at + HEAD <= bytes.length; at++) {
    const length = lengthAt(bytes, at + 4);
    if (
      lengthAt(bytes, at + 6) === ATT_CHANNEL &&
      length >= 3 &&
      lengthAt(bytes, at + 2) === length + 4 &&
      OPCODES.has(bytes[at + 8] ?? 0)
    )
      return at;
  }
  return undefined;
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** The value in a packet of the Attribute Protocol; undefined for any other packet. */
export function attValue(bytes: readonly number[]): readonly number[] | undefined {
  return OPCODES.has(bytes[0] ?? 0) ? bytes.slice(3) : undefined;
}
