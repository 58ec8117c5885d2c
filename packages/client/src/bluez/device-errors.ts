import { LinkError, type SessionReason } from '@ubmsc/session';
import { errorNameOf, errorTextOf } from './bluez-errors.ts';

/** Why a connection could not be made, by the text of `org.bluez.Error.Failed` (BlueZ, src/error.h). */
const connectReasons: readonly (readonly [RegExp, SessionReason])[] = [
  [/timeout|timed out|host is down/i, 'connectTimeout'],
  // The link was made and lost at once: Connection Failed to be Established (0x3E).
  [/abort-by-local|connection abort/i, 'setupFailed'],
  [/abort-by-remote|reset by peer/i, 'closedByBattery'],
  [/key-missing/i, 'pairingRequired'],
];

/** Why a link has ended, as BlueZ 5.83 and later say (doc/org.bluez.Device.rst, Disconnected). */
const lossReasons: Readonly<Record<string, SessionReason>> = {
  'org.bluez.Reason.Timeout': 'supervisionTimeout',
  'org.bluez.Reason.Remote': 'closedByBattery',
  'org.bluez.Reason.Authentication': 'pairingRequired',
};

/** Errors of BlueZ that mean that the battery refused until it is paired (BlueZ, src/gatt-client.c). */
export function wantsPairing(error: unknown): boolean {
  const name = errorNameOf(error);
  if (name === 'org.bluez.Error.NotAuthorized') return true;
  return name === 'org.bluez.Error.NotPermitted' && /not paired/i.test(errorTextOf(error));
}

/** Another program has the notifications sent to it alone (AcquireNotify). */
export function isAcquired(error: unknown): boolean {
  return errorNameOf(error) === 'org.bluez.Error.NotPermitted' && /acquired/i.test(errorTextOf(error));
}

/** A connection could not be made. */
export function connectError(title: string, cause: unknown): LinkError {
  const text = errorTextOf(cause);
  const reason = connectReasons.find(([signs]) => signs.test(text))?.[1] ?? 'connectFailed';
  return new LinkError(
    `${title} could not be connected: ${text}`,
    'see that no phone app or other program holds it, and try again',
    { cause, reason },
  );
}

/** A link has ended. `reason` is what BlueZ calls it, where it does; `otherwise` is taken where that tells nothing. */
export function lossError(
  title: string,
  reason: string | undefined,
  otherwise: SessionReason = 'linkLost',
): LinkError {
  const told = reason === undefined ? '' : `: ${reason.replace('org.bluez.Reason.', '')}`;
  return new LinkError(
    `the link to ${title} was lost${told}`,
    'see that it is in range, and that no other program ends the link',
    { reason: lossReasons[reason ?? ''] ?? otherwise },
  );
}

/** Most programs that are named as those that may hold a battery; more would say nothing. */
const MOST_SUSPECTS = 3;

/** Another program keeps the notifications to itself; it is one of `programs`, where those are known. */
export function acquiredError(title: string, programs: readonly string[], cause?: unknown): LinkError {
  const areFew = programs.length > 0 && programs.length <= MOST_SUSPECTS;
  const which = areFew ? `; it may be ${programs.join(' or ')}` : '';
  return new LinkError(
    `${title} is held by another program on this machine, which keeps its notifications to itself${which}`,
    'end that program, or have it ask for notifications with StartNotify: bleak with use_start_notify',
    { cause, reason: 'heldByProgram' },
  );
}
