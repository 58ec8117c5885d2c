import { PacketBoundary, packetTypes, type PacketDirection } from '@ubmsc/hci';
import { encodeBtsnoopHeader, encodeBtsnoopRecord } from './btsnoop.ts';
import { ConnectionTrace, type TracedConnection } from './connection-trace.ts';
import { serverOf, valueOf } from './gatt-trace.ts';
import { ATT_CHANNEL, L2CAP_HEADER } from './l2cap.ts';

/** Takes out of values what must not be written, and leaves their lengths as they are. */
export interface Redaction {
  /** For the notifications of one characteristic on one connection. */
  notifications(): NotificationRedaction;
  /** For a value that is written. */
  write(value: Uint8Array): Uint8Array;
}

/** Gives notifications back in their order, each when it is known what it is a part of. */
export interface NotificationRedaction {
  push(value: Uint8Array, time: number): readonly Uint8Array[];
  end(): readonly Uint8Array[];
}

/** Longest time that a packet is delayed, in milliseconds, and octets that all of them have. */
const LONGEST_HOLD = 2000;
const MOST_HELD = 1_000_000;

/** Octets before the data of an ACL packet in a record: header of the record, indicator, header of the packet. */
const DATA_OFFSET = 24 + packetTypes.aclData.headerLength;

/** Octets before the value in an L2CAP PDU: its header, opcode and handle. */
const VALUE_OFFSET = L2CAP_HEADER + 3;

/** Octets of the longest PDU. */
const LONGEST_PDU = 65_535;

interface Entry {
  readonly record: Buffer;
  readonly time: number;
  /** What it is a part of is not known yet. */
  held: boolean;
}

/** The notifications of one characteristic. */
interface NotificationStream {
  readonly redaction: NotificationRedaction;
  /** Those that are delayed, each as the packets that it came in. */
  readonly held: (readonly Entry[])[];
}

/**
 * Writes the packets of one controller as btsnoop, in their order. With a redaction, packets are delayed until the
 * values in them are known.
 */
export class SnoopWriter {
  readonly #write: (bytes: Buffer) => void;
  readonly #redaction: Redaction | undefined;
  readonly #trace: ConnectionTrace;
  #queue: Entry[] = [];
  #queued = 0;
  /** The PDU that is not complete yet, by connection handle and direction. */
  readonly #pieces = new Map<string, Entry[]>();
  readonly #streams = new Map<TracedConnection, Map<string, NotificationStream>>();

  constructor(write: (bytes: Buffer) => void, redaction?: Redaction) {
    this.#write = write;
    this.#redaction = redaction;
    this.#trace = new ConnectionTrace({
      connected: () => {},
      disconnected: (connection) => this.#endConnection(connection),
      att: (connection, direction, pdu, time) => this.#takePdu(connection, direction, pdu, time),
    });
    write(encodeBtsnoopHeader());
  }

  /** Takes an H4 packet, and when it went by, in milliseconds since 1970-01-01 UTC. */
  push(packet: Buffer, direction: PacketDirection, time: number): void {
    const record = encodeBtsnoopRecord(packet, direction, time);
    if (!this.#redaction) {
      this.#write(record);
      return;
    }
    const entry = { record, time, held: false };
    this.#queue.push(entry);
    this.#queued += record.length;
    const key = packet[0] === packetTypes.aclData.indicator ? this.#addPiece(entry, direction) : undefined;
    this.#trace.push({ time, controller: 0, direction, indicator: packet[0] ?? 0, body: packet.subarray(1) });
    if (key !== undefined) this.#holdPieces(key);
    const oldest = this.#queue[0];
    if ((oldest && time - oldest.time > LONGEST_HOLD) || this.#queued > MOST_HELD) this.#endStreams();
    this.#release();
  }

  /** Writes what was delayed. */
  end(): void {
    this.#endStreams();
    this.#release();
  }

  /** Returns the key under which the pieces of the PDU are. */
  #addPiece(entry: Entry, direction: PacketDirection): string | undefined {
    if (entry.record.length < DATA_OFFSET) return undefined;
    const head = entry.record.readUInt16LE(DATA_OFFSET - 4);
    const key = `${head & 0x0fff} ${direction}`;
    const pieces = this.#pieces.get(key);
    if (pieces && ((head >> 12) & 0b11) === PacketBoundary.continuing) {
      pieces.push(entry);
    } else {
      this.#giveUp(key);
      this.#pieces.set(key, [entry]);
    }
    return key;
  }

  /** Pieces wait for the rest of their PDU, unless they have gone into a stream, or are not of the kind that does. */
  #holdPieces(key: string): void {
    const pieces = this.#pieces.get(key);
    if (!pieces) return;
    const isWaiting = isPartOfPdu(pieces);
    for (const entry of pieces) entry.held = isWaiting;
    if (!isWaiting) this.#pieces.delete(key);
  }

  /** The rest of a PDU never came: what was in it cannot be told, so it is not written. */
  #giveUp(key: string): void {
    const pieces = this.#pieces.get(key);
    if (!pieces) return;
    replaceValue(pieces, new Uint8Array(LONGEST_PDU));
    for (const entry of pieces) entry.held = false;
    this.#pieces.delete(key);
  }

  #takePdu(connection: TracedConnection, direction: PacketDirection, pdu: Buffer, time: number): void {
    const key = `${connection.handle} ${direction}`;
    const entries = this.#pieces.get(key);
    const found = valueOf(pdu);
    if (!entries || !found || !this.#redaction) return;
    if (found.kind === 'write') {
      replaceValue(entries, this.#redaction.write(found.value));
      return;
    }
    this.#pieces.delete(key);
    const side = serverOf(direction, pdu.readUInt8(0));
    const stream = this.#stream(connection, `${side} ${found.handle}`, this.#redaction);
    stream.held.push(entries);
    for (const entry of entries) entry.held = true;
    settle(stream, stream.redaction.push(found.value, time));
  }

  #stream(connection: TracedConnection, key: string, redaction: Redaction): NotificationStream {
    const streams = this.#streams.get(connection) ?? new Map<string, NotificationStream>();
    this.#streams.set(connection, streams);
    const stream = streams.get(key) ?? { redaction: redaction.notifications(), held: [] };
    streams.set(key, stream);
    return stream;
  }

  #endConnection(connection: TracedConnection): void {
    for (const stream of this.#streams.get(connection)?.values() ?? [])
      settle(stream, stream.redaction.end());
    this.#streams.delete(connection);
  }

  #endStreams(): void {
    for (const key of this.#pieces.keys()) this.#giveUp(key);
    for (const streams of this.#streams.values()) {
      for (const stream of streams.values()) settle(stream, stream.redaction.end());
    }
  }

  #release(): void {
    const first = this.#queue.findIndex(({ held }) => held);
    for (const { record } of this.#queue.splice(0, first < 0 ? this.#queue.length : first)) {
      this.#queued -= record.length;
      this.#write(record);
    }
  }
}

function settle(stream: NotificationStream, values: readonly Uint8Array[]): void {
  for (const value of values) {
    const entries = stream.held.shift() ?? [];
    replaceValue(entries, value);
    for (const entry of entries) entry.held = false;
  }
}

/** Whether these packets are the beginning of an ATT PDU whose rest is still to come. */
function isPartOfPdu(pieces: readonly Entry[]): boolean {
  const bytes = Buffer.concat(pieces.map(({ record }) => record.subarray(DATA_OFFSET)));
  if (bytes.length < L2CAP_HEADER) return true;
  return bytes.readUInt16LE(2) === ATT_CHANNEL && bytes.length < L2CAP_HEADER + bytes.readUInt16LE(0);
}

/** Puts a value of the same length in the place of the one that is in these packets. */
function replaceValue(entries: readonly Entry[], value: Uint8Array): void {
  let at = -VALUE_OFFSET;
  for (const { record } of entries) {
    for (let index = DATA_OFFSET; index < record.length && at < value.length; index++, at++) {
      if (at >= 0) record.writeUInt8(value[at] ?? 0, index);
    }
  }
}
