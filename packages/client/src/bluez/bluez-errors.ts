import { DBusError } from '@jellybrick/dbus-next';
import { UbmscError } from '@ubmsc/base';
import { type AdapterError } from '@ubmsc/session';
import { adapterError, type AdapterProblem } from '../central/adapter-problems.ts';

/** What stands for the adapter in messages before one was chosen. */
const TITLE = 'bluez';

/** Errors of D-Bus that tell why bluetoothd cannot be used (D-Bus specification; `dbus-protocol.h`). */
const problems: Readonly<Record<string, AdapterProblem>> = {
  'org.freedesktop.DBus.Error.AccessDenied': 'busRefuses',
  'org.freedesktop.DBus.Error.AuthFailed': 'busRefuses',
  'org.freedesktop.DBus.Error.NameHasNoOwner': 'bluetoothdOff',
  'org.freedesktop.DBus.Error.ServiceUnknown': 'bluetoothdOff',
  'org.freedesktop.DBus.Error.NoReply': 'bluetoothdSilent',
  'org.bluez.Error.NotReady': 'down',
};

/** Codes of the system for a socket that is there and may not be used. */
const refusals: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/** Name of the error that a call was answered with, such as `org.bluez.Error.InProgress`; undefined for anything else. */
export function errorNameOf(error: unknown): string | undefined {
  return error instanceof DBusError ? error.type : undefined;
}

/** Whether a call failed with this error of BlueZ, such as `InProgress`. */
export function isBluezError(error: unknown, name: string): boolean {
  return errorNameOf(error) === `org.bluez.Error.${name}`;
}

/** The text that came with an error. */
export function errorTextOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a connection ends with when the other side hangs up. */
const hangUps: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Why the bus cannot be used. A bus whose policy does not want this user says nothing: it hangs up before it has let the
 * user in (`wasIn`).
 */
export function busError(cause: unknown, wasIn = false): AdapterError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // The library has no class for a bus that does not accept who we are (D-Bus specification, "REJECTED").
  const isRefused =
    refusals.has(code) || /auth|reject/i.test(errorTextOf(cause)) || (!wasIn && hangUps.has(code));
  return adapterError(TITLE, isRefused ? 'busRefuses' : 'noBus', cause, errorTextOf(cause));
}

/** What a call to bluetoothd failed with, as an error for the user. */
export function serviceError(cause: unknown, title = TITLE): Error {
  if (cause instanceof UbmscError) return cause;
  const problem = problems[errorNameOf(cause) ?? ''];
  if (problem) return adapterError(title, problem, cause);
  return adapterError(title, 'bluetoothdSilent', cause, errorTextOf(cause));
}
