import type { BatteryStatus } from '@ubmsc/session';
import { exitCodeOfReason } from '../exit-codes.ts';
import { stateLine } from '../formats/reading-line.ts';
import { nothingFound } from './find-devices.ts';
import { complain } from '../output.ts';

/** Says of each battery why nothing came of it, in a sentence. Returns the exit code. */
export function tellNoReading(statuses: readonly BatteryStatus[]): number {
  if (statuses.length === 0) complain(nothingFound());
  for (const status of statuses) {
    if (status.reason !== undefined || status.address !== undefined)
      process.stderr.write(stateLine(status, Date.now()));
    else
      complain(
        `${status.device} was not received; it is held by another program or phone app, switched off, or out of range`,
      );
  }
  return exitCodeOfReason(statuses[0]?.reason);
}
