import {
  AdapterError,
  DeviceNotFoundError,
  LinkError,
  StaleDataError,
  UnknownDeviceError,
  reasonRow,
  type FailureKind,
  type SessionReason,
} from '@ubmsc/session';
import { UsageError, type UbmscError } from '@ubmsc/base';

/** What the exit code of the command says. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  adapter: 3,
  notFound: 4,
  link: 5,
  unknownDevice: 6,
  stale: 7,
} satisfies Readonly<Record<FailureKind | 'ok' | 'usage', number>>;

const byClass: readonly (readonly [new (message: string, hint: string) => UbmscError, number])[] = [
  [UsageError, exitCodes.usage],
  [AdapterError, exitCodes.adapter],
  [DeviceNotFoundError, exitCodes.notFound],
  [LinkError, exitCodes.link],
  [UnknownDeviceError, exitCodes.unknownDevice],
  [StaleDataError, exitCodes.stale],
];

/** The exit code for an error, of several the first; a signal that ended the program gives 128 and its number, as shells do. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof AggregateError) return exitCodeOf(error.errors[0]);
  return byClass.find(([type]) => error instanceof type)?.[1] ?? exitCodes.bug;
}

/** The exit code for a session that never came to life; one that was not found yet has no reason. */
export function exitCodeOfReason(reason: SessionReason | undefined): number {
  return exitCodes[reasonRow(reason)?.kind ?? 'notFound'];
}

/** A signal asked the program to end. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
    this.exitCode = exitCode;
  }
}
