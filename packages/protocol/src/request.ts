import { sum8 } from './frame.ts';

/** Length of every request and of the acknowledge, in bytes (reference, section 3.1). */
export const REQUEST_LENGTH = 20;

/** First four bytes of every request and of the acknowledge. */
export const REQUEST_HEADER = Uint8Array.of(0xaa, 0x55, 0x90, 0xeb);

/** Most bytes that the value of one request can have. */
export const REQUEST_VALUE_LENGTH = 13;

/**
 * The commands that only read (reference, section 3.2). Every high-level call is built from these;
 * a register write exists as bytes ({@link encodeRequest}) for the simulator and for tests.
 */
export const commands = {
  /** Answered by a device info record. Must precede {@link commands.readSettings} on firmware 15 and later. */
  readDeviceInfo: 0x97,
  /** Answered by a settings record; starts the stream of cell data records. */
  readSettings: 0x96,
  /** Answered by one logbook record. */
  readLogbook: 0xa1,
  /** Answered by a burst of detail log records without an end marker. */
  readDetailLog: 0xa7,
} as const;

/** The command of an acknowledge, which the battery sends in the form of a request. */
export const ACKNOWLEDGE = 0xc8;

/** What a request asks for: a command with an empty value, or a register with the value to be written. */
export interface Request {
  /** Command or register, 0 to 255. */
  readonly command: number;
  /** Little-endian bytes of the value, at most 13. */
  readonly value: Uint8Array;
}

/** The 20 bytes of a request. Throws a RangeError when the value does not fit. */
export function encodeRequest(command: number, value: Uint8Array = new Uint8Array(0)): Uint8Array {
  if (value.length > REQUEST_VALUE_LENGTH) {
    throw new RangeError(`a request carries at most ${REQUEST_VALUE_LENGTH} bytes, not ${value.length}`);
  }
  const bytes = new Uint8Array(REQUEST_LENGTH);
  bytes.set(REQUEST_HEADER, 0);
  bytes[4] = command;
  bytes[5] = value.length;
  bytes.set(value, 6);
  bytes[REQUEST_LENGTH - 1] = sum8(bytes, 0, REQUEST_LENGTH - 1);
  return bytes;
}

/** The request in 20 bytes, or undefined when header, length or checksum are wrong. */
export function decodeRequest(bytes: Uint8Array): Request | undefined {
  if (bytes.length !== REQUEST_LENGTH) return undefined;
  if (REQUEST_HEADER.some((byte, index) => bytes[index] !== byte)) return undefined;
  if (sum8(bytes, 0, REQUEST_LENGTH - 1) !== bytes[REQUEST_LENGTH - 1]) return undefined;
  const [, , , , command = 0, length = 0] = bytes;
  if (length > REQUEST_VALUE_LENGTH) return undefined;
  return { command, value: bytes.slice(6, 6 + length) };
}

/** The 20 bytes that a battery sends after it has answered a request (reference, section 2.1). */
export const acknowledge: Uint8Array = encodeRequest(ACKNOWLEDGE, Uint8Array.of(0x01));

/** What the Bluetooth module of firmware 14 and later sends while it is idle: `AT\r\n`. */
export const heartbeat = Uint8Array.of(0x41, 0x54, 0x0d, 0x0a);
