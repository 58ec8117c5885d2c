import { discover, type Device } from '@ubmsc/client';
import { UsageError, sanitize } from '@ubmsc/base';
import { exitCodes } from '../../exit-codes.ts';
import { findFormat, formats } from '../../formats/index.ts';
import type { Options } from '../../command-line/options.ts';
import { print, Progress } from '../../output.ts';
import { nothingFound } from '../../batteries/find-devices.ts';
import { openSession } from '../../batteries/session.ts';

export interface ScanCommandOptions {
  /** List devices that are not JK batteries, too. */
  readonly all?: boolean | undefined;
}

const likelihoodTitles = { certain: 'JK', possible: 'maybe a JK', unlikely: 'other' };

/** Prints devices as they are found: a line each, or with format json an object each. */
export async function scan(options: Options & ScanCommandOptions, signal: AbortSignal): Promise<number> {
  const format = findFormat(options.format);
  if (format !== formats.text && format !== formats.json) {
    throw new UsageError(`scan has no format ${options.format}`, 'give text or json');
  }
  await using session = await openSession(options, signal);
  using progress = new Progress();
  const { adapter } = session;
  const show = async (device: Device): Promise<void> => {
    progress.clear();
    await print(
      format === formats.json ? jsonLine(device, adapter.simulated) : line(device, adapter.simulated),
    );
  };
  let found = 0;
  let others = 0;
  const accepts = ({ likelihood }: Device): boolean => {
    if (likelihood !== 'unlikely' || options.all) return true;
    others++;
    return false;
  };
  const onReceived = (count: number): void => {
    found = count;
    progress.show(`${adapter.title}: scanning, ${count} found`);
  };
  progress.show(`${adapter.title}: scanning`);
  const timeout = options.scanTimeout * 1000;
  for await (const device of discover(adapter, { signal, timeout, accepts, onReceived })) await show(device);
  progress.clear();
  if (others > 0) process.stderr.write(`ubmsc: ${others} other devices were found; --all lists them\n`);
  if (found > 0) return exitCodes.ok;
  throw nothingFound(` within ${options.scanTimeout} s`);
}

function line({ address, rssi, name, likelihood }: Device, simulated: boolean): string {
  const strength = rssi === undefined ? '       ?' : `${String(rssi).padStart(4)} dBm`;
  const kind = `${likelihoodTitles[likelihood]}${simulated ? ', SIMULATED' : ''}`;
  return `${address}  ${strength}  ${sanitize(name ?? '-').padEnd(20)}  ${kind}\n`;
}

function jsonLine({ address, rssi, name, likelihood }: Device, simulated: boolean): string {
  const object = {
    address,
    name: name ?? null,
    rssi: rssi ?? null,
    likelihood,
    ...(simulated && { simulated }),
  };
  return `${JSON.stringify(object)}\n`;
}
