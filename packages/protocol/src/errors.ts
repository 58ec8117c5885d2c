import type { SessionReason } from './battery-status.ts';

export interface UbmscErrorOptions extends ErrorOptions {
  /** The same in the closed vocabulary of sessions, where the error ends one. */
  readonly reason?: SessionReason | undefined;
}

/**
 * An error that a user can do something about. The message says what happened, the hint what to do next, each in
 * one line. The classes are the causes that scripts tell apart.
 */
export abstract class UbmscError extends Error {
  /** The next step for the user, as an imperative sentence without a full stop. */
  readonly hint: string;
  readonly reason: SessionReason | undefined;

  constructor(message: string, hint: string, options: UbmscErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
    this.reason = options.reason;
  }
}

/** The adapter is missing, down, busy, unreachable, or may not be used. */
export class AdapterError extends UbmscError {}

/** No device with this name or address was heard. */
export class DeviceNotFoundError extends UbmscError {}

/** The link could not be made, was lost, or brought no answer in time. */
export class LinkError extends UbmscError {}

/** The device is not a JK battery management system, or its layout cannot be told. */
export class UnknownDeviceError extends UbmscError {}

/** A device sends, but what it sends does not move: its values are old. */
export class StaleDataError extends UbmscError {}

/** The caller asked for something that has no meaning. */
export class UsageError extends UbmscError {}
