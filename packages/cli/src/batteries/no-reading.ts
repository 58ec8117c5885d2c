import { LinkError, sessionStates, type BatteryStatus } from '@ubmsc/session';
import { exitCodeOf, exitCodeOfReason } from '../exit-codes.ts';
import { stateLine } from '../formats/reading-line.ts';
import { nothingFound } from './find-devices.ts';
import { complain } from '../output.ts';

/** Says of each battery why nothing came of it, in a sentence. Returns the exit code: of several, that of the first. */
export function tellNoReading(statuses: readonly BatteryStatus[]): number {
  if (statuses.length === 0) complain(nothingFound());
  return statuses.map(tell)[0] ?? exitCodeOfReason(undefined);
}

function tell(status: BatteryStatus): number {
  const { device, state, reason } = status;
  if (reason !== undefined) {
    process.stderr.write(stateLine(status, Date.now()));
  } else if (state === 'waiting' || state === 'searching') {
    complain(
      `${device} was not received; it is held by another program or phone app, switched off, or out of range`,
    );
  } else {
    const early = new LinkError(
      `${device} has sent no reading yet: ${sessionStates[state]}`,
      'allow more time, or ask ubmsc doctor',
    );
    complain(early);
    return exitCodeOf(early);
  }
  return exitCodeOfReason(reason);
}
