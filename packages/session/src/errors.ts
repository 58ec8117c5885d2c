import type { SessionReason } from './session-reasons.ts';
import { UbmscError } from '@ubmsc/base';

export interface SessionErrorOptions extends ErrorOptions {
  /** The same in the closed vocabulary of sessions, where the error ends one. */
  readonly reason?: SessionReason | undefined;
}

/** An error that ends a session with a battery, or keeps one from starting. */
export abstract class SessionError extends UbmscError {
  readonly reason: SessionReason | undefined;

  constructor(message: string, hint: string, { reason, ...options }: SessionErrorOptions = {}) {
    super(message, hint, options);
    this.reason = reason;
  }
}

/** The adapter is missing, down, busy, unreachable, or may not be used. */
export class AdapterError extends SessionError {}

/** No device with this name or address was received. */
export class DeviceNotFoundError extends SessionError {}

/** The link could not be made, was lost, or brought no answer in time. */
export class LinkError extends SessionError {}

/** The device is not a JK battery management system, or its layout cannot be determined. */
export class UnknownDeviceError extends SessionError {}

/** A device sends, but what it sends does not change: its values are old. */
export class StaleDataError extends SessionError {}

/** Why the session ended, where the error is one of a session. */
export function reasonOf(error: unknown): SessionReason | undefined {
  return error instanceof SessionError ? error.reason : undefined;
}
