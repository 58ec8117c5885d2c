/** What a host, or whoever speaks in its place, did that ends its stream. */
export type HciProtocolFault =
  | 'unknown packet type'
  | 'packet too long'
  | 'packet from the wrong side'
  | 'packet boundary flag'
  | 'buffer overflow'
  | 'host does not read'
  | 'truncated packet';

/** A violation of the HCI transport after which the byte stream cannot be trusted any more. */
export class HciProtocolError extends Error {
  override readonly name = 'HciProtocolError';
  readonly fault: HciProtocolFault;

  constructor(fault: HciProtocolFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
