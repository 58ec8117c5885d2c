/** A capture is in no known format, or a part of it contradicts itself. The message says what is wrong there. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  /** Where, in octets from the beginning of the file. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message}, at offset ${offset}`);
    this.offset = offset;
  }
}
