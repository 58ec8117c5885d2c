import type { PacketCapture } from '@ubmsc/hci';
import { createWriteStream, openSync } from 'node:fs';
import { parse, join } from 'node:path';
import type { Redaction } from '@ubmsc/recording';
import { redactRequest, StreamRedactor } from '@ubmsc/protocol';
import { errorCode, fileProblem, UsageError } from '@ubmsc/base';
import type { Options } from './command-line/options.ts';
import { exitCodes } from './exit-codes.ts';
import { complain } from './output.ts';

/** Without passcodes, whichever characteristic they come from. */
const redaction: Redaction = {
  notifications: () => new StreamRedactor(),
  write: redactRequest,
};

/** How many controllers this process has captured. */
let count = 0;

/**
 * Writes what goes between the program and each controller that it opens to the file of `--snoop`, as btsnoop; undefined without that
 * option. A capture is of one controller: the second goes to a file of its own, with `-2` at the end of its name.
 */
export function snoop({
  snoop: file,
  showSecrets,
}: Pick<Options, 'snoop' | 'showSecrets'>): (() => Promise<PacketCapture>) | undefined {
  if (file === undefined) return undefined;
  return async () => await captureTo(numbered(file, ++count), showSecrets ? undefined : redaction);
}

function numbered(file: string, number: number): string {
  if (number === 1) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${number}${ext}`);
}

/** Rejects with a UsageError when the file cannot be written. */
async function captureTo(file: string, redact: Redaction | undefined): Promise<PacketCapture> {
  const { SnoopWriter } = await import('@ubmsc/recording');
  const stream = createWriteStream('', { fd: openFile(file) });
  let failed = false;
  stream.on('error', (error) => {
    if (!failed) complain(cannotWrite(file, error));
    failed = true; // what is captured is less than what is read, which goes on
    process.exitCode = exitCodes.usage;
  });
  const writer = new SnoopWriter((bytes) => void (failed || stream.write(bytes)), redact);
  return {
    packet: (packet, direction) => writer.push(packet, direction, performance.timeOrigin + performance.now()),
    async [Symbol.asyncDispose]() {
      writer.end();
      await new Promise<void>((resolve) => {
        stream.once('close', resolve);
        if (stream.closed) resolve();
        else stream.end();
      });
    },
  };
}

function openFile(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, cause: unknown): UsageError {
  if (errorCode(cause) === 'EEXIST')
    return new UsageError(`the capture ${file} is there already`, 'give --snoop another file', { cause });
  const hint = 'give --snoop a file in a folder where you may write';
  const problem = fileProblem(`the capture ${file}`, 'written', cause, { denied: hint, unusable: hint });
  return new UsageError(...problem, { cause });
}
