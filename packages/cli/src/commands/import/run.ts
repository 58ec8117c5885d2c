import { basename } from 'node:path';
import type { CapturedSession, CaptureSummary } from '@ubmsc/recording';
import { UnknownDeviceError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import { captureProblems } from '../../capture-problems.ts';
import type { Options } from '../../command-line/options.ts';
import { exitCodes } from '../../exit-codes.ts';
import { announce } from '../../output.ts';
import { readInput } from '../../read-input.ts';
import { lengthOf, ReadProgress } from '../../read-progress.ts';
import { CaptureRecordings } from '../../recordings/capture-recordings.ts';
import { RecordingFiles, type RecordingFilesOptions } from '../../recordings/recording-files.ts';

export interface ImportOptions extends RecordingFilesOptions, Pick<Options, 'showSecrets'> {
  /** Pseudonyms in place of address, name and serial number. */
  readonly anonymize?: boolean | undefined;
}

/**
 * Makes a recording of each session with a battery in captures of Bluetooth, and tells of each on standard error.
 * Memory does not grow with the captures. Throws an UnknownDeviceError when there is no session in any of them, a
 * UsageError when something cannot be read or written.
 */
export async function importCaptures(
  captures: readonly string[],
  options: ImportOptions,
  signal: AbortSignal,
): Promise<number> {
  if (options.anonymize && options.showSecrets) {
    throw new UsageError('a recording that is anonymized shows no secrets', 'leave out one of both options');
  }
  const files = new RecordingFiles(options);
  const pseudonyms = new Pseudonyms();
  let sessions = 0;
  let records = 0;
  let maker: string | undefined;
  let connections = 0;
  for (const capture of captures) {
    const title = capture === '-' ? 'standard input' : basename(capture);
    using progress = new ReadProgress(title, capture === '-' ? undefined : await lengthOf(capture));
    const recordings = new CaptureRecordings({
      files,
      redactionOf: (session) => ({
        showSecrets: options.showSecrets,
        anonymize: options.anonymize ? pseudonyms.of(session) : undefined,
      }),
      recorded(line, count) {
        sessions++;
        records += count;
        progress.clear();
        announce(line);
      },
    });
    const summary = await read(capture, { recordings, progress }, signal);
    connections += summary.connections;
    maker ??= recordings.maker;
    if (summary.packets === 0 && summary.damage)
      throw new UsageError(`${title}: ${summary.damage.message}`, HINT, { cause: summary.damage });
    for (const problem of captureProblems(summary)) announce(`${title}: ${problem}`);
  }
  if (records === 0 && maker !== undefined) {
    throw new UnknownDeviceError(
      `the capture is of another device, not of a JK BMS: ${maker}`,
      'use a program for that device',
    );
  }
  if (sessions > 0) return exitCodes.ok;
  throw new UnknownDeviceError(
    `there is no session with a battery in it, in ${connections} LE connections`,
    'capture while a program reads the battery, from before it connects',
  );
}

const HINT = 'give btsnoop, pcap or pcapng, as it is or packed by gzip; ubmsc decode reads other forms';

/** Reads a capture; also when that is interrupted, what was recorded so far is complete. */
async function read(
  file: string,
  { recordings, progress }: { readonly recordings: CaptureRecordings; readonly progress: ReadProgress },
  signal: AbortSignal,
): Promise<CaptureSummary> {
  try {
    for await (const chunk of readInput(file, signal, (octets) => progress.add(octets))) {
      await recordings.push(chunk);
      if (recordings.isDamaged) break;
    }
  } catch (error) {
    await recordings.end().catch(() => {}); // the first error says more
    throw error;
  } finally {
    progress.clear();
  }
  return await recordings.end();
}

/** Numbers batteries, each by its address; those without are taken for different ones. */
class Pseudonyms {
  readonly #numbers = new Map<string, number>();
  #count = 0;

  of({ device: { address } }: CapturedSession): number {
    const number = (address !== undefined && this.#numbers.get(address)) || ++this.#count;
    if (address !== undefined) this.#numbers.set(address, number);
    return number;
  }
}
