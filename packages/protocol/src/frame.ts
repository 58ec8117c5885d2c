/** Length of every record on the wire, in bytes (reference, section 2.1). */
export const FRAME_LENGTH = 300;

/** Offset of the checksum: the last byte of a frame. */
export const CHECKSUM_OFFSET = FRAME_LENGTH - 1;

/** First four bytes of every record that a battery sends. */
export const FRAME_HEADER = [0x55, 0xaa, 0xeb, 0x90] as const;

/** The records that a battery sends. */
export const recordNames = ['settings', 'cellData', 'deviceInfo', 'logbook', 'detailLog'] as const;

/** What a record is about. */
export type RecordName = (typeof recordNames)[number];

/** The type of each record: byte 4 of its frame (reference, section 2.1). */
export const recordTypes: Readonly<Record<RecordName, number>> = {
  settings: 0x01,
  cellData: 0x02,
  deviceInfo: 0x03,
  logbook: 0x05,
  detailLog: 0x06,
};

const namesByType = Array.from({ length: 256 }, (_, type) =>
  recordNames.find((name) => recordTypes[name] === type),
);

/** The name of a record type, or undefined for a type that no battery sends. */
export function recordName(type: number | undefined): RecordName | undefined {
  return type === undefined ? undefined : namesByType[type];
}

/** One record of a battery: 300 bytes whose header, type and checksum have been verified. */
export interface Frame {
  readonly record: RecordName;
  /** Byte 5: counts cell data records modulo 256; other records carry the next or a private value. */
  readonly counter: number;
  readonly bytes: Uint8Array;
}

/** Sum of `bytes[start]` to `bytes[end - 1]` modulo 256: the checksum of frames and requests alike. */
export function sum8(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let at = start;
  // Four at a time: every written and every simulated frame goes through here.
  for (; at + 4 <= end; at += 4) {
    sum += (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0);
  }
  for (; at < end; at++) sum += bytes[at] ?? 0;
  return sum & 0xff;
}

/** Every other byte of a word. */
const LANES = 0x00ff00ff;

const HEADER_WORD = new DataView(Uint8Array.from(FRAME_HEADER).buffer).getInt32(0, true);

/** Where in a header a byte stands; -1 for one that stands in none. */
const placesInHeader = new Int8Array(256).fill(-1);
for (const [place, byte] of FRAME_HEADER.entries()) placesInHeader[byte] = place;

/**
 * What is wrong with the frame at `start`, whose header and type are right: its checksum, or that another record begins
 * within it. Then the first one was cut off, and the checksum, which one such pair in 256 passes, is that of the second.
 *
 * One pass, word by word: each is two pairs of bytes, and each half of `sum` adds up one of each pair, which 75 words do not
 * fill. Wherever a header begins, one byte of it is the first of a word.
 */
export function frameDefect(view: DataView, start: number): 'checksum' | 'spliced' | undefined {
  const end = start + FRAME_LENGTH;
  let sum = 0;
  let isSpliced = false;
  for (let at = start; at < end; at += 4) {
    const word = view.getInt32(at, true);
    sum = (sum + (word & LANES) + ((word >>> 8) & LANES)) | 0;
    const place = placesInHeader[word & 0xff] ?? -1;
    if (place >= 0 && at > start) isSpliced ||= isHeader(view, at - place, end);
  }
  // The checksum, which is added, too, is the sum of all else.
  if (((sum + (sum >>> 16) - 2 * view.getUint8(end - 1)) & 0xff) !== 0) return 'checksum';
  return isSpliced ? 'spliced' : undefined;
}

/** Whether a record of a known type begins here, and its type is before `end`. */
function isHeader(view: DataView, at: number, end: number): boolean {
  const type = at + FRAME_HEADER.length;
  return (
    type < end && view.getInt32(at, true) === HEADER_WORD && recordName(view.getUint8(type)) !== undefined
  );
}

/** Why 300 bytes are not a frame. */
export type FrameDefect = 'length' | 'header' | 'record-type' | 'checksum';

/**
 * Takes 300 bytes as a frame, or says what is wrong with them.
 * The checksum has only eight bits, so the record type counts as part of the proof (reference, section 2.3).
 */
export function toFrame(bytes: Uint8Array): Frame | FrameDefect {
  if (bytes.length !== FRAME_LENGTH) return 'length';
  if (FRAME_HEADER.some((byte, index) => bytes[index] !== byte)) return 'header';
  const record = recordName(bytes[4]);
  if (record === undefined) return 'record-type';
  if (sum8(bytes, 0, CHECKSUM_OFFSET) !== bytes[CHECKSUM_OFFSET]) return 'checksum';
  return { record, counter: bytes[5] ?? 0, bytes };
}

/** Writes header, record type and checksum into 300 bytes whose payload is complete. */
export function sealFrame(record: RecordName, bytes: Uint8Array): Frame {
  bytes.set(FRAME_HEADER, 0);
  bytes[4] = recordTypes[record];
  bytes[CHECKSUM_OFFSET] = sum8(bytes, 0, CHECKSUM_OFFSET);
  return { record, counter: bytes[5] ?? 0, bytes };
}
