import { mkdir, writeFile } from 'node:fs/promises';
import { fileProblem, sanitize, UsageError } from '@ubmsc/base';
import { problemText } from './hints.ts';
import { messageLine } from './log-format.ts';

/** Data goes to standard output; resolves when it was written. A reader that has gone away is not an error. */
export async function print(text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && !isBrokenPipe(error)) reject(cannotWrite(error));
      else resolve();
    });
  });
}

/**
 * Writes a file that was asked for.
 * @throws {UsageError} it cannot be written.
 */
export async function writeOutput(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content).catch((cause: unknown) => {
    throw new UsageError(...fileProblem(file, 'written', cause, hints), { cause });
  });
}

/**
 * Makes a folder for files that were asked for, unless it is there.
 * @throws {UsageError} it cannot be made.
 */
export async function makeOutputFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UsageError(...fileProblem(folder, 'written', cause, hints), { cause });
  });
}

const hints = {
  denied: 'name a place where this user may write',
  unusable: 'name a file in a folder that exists',
};

/** A full disk is a fault of the place where the output goes, not of this program. */
function cannotWrite(cause: Error): UsageError {
  return new UsageError(`the output cannot be written: ${cause.message}`, 'make room, or send it elsewhere', {
    cause,
  });
}

let lostReader: (() => void) | undefined;

/**
 * Calls back when nobody reads standard output any more, as `head` does after its last line; only who asked last is
 * called. Without a listener, writing to a reader that has gone would end the process, also after the command has ended;
 * {@link print} judges the errors.
 */
export function onLostReader(lost: () => void): void {
  const isFirst = lostReader === undefined;
  lostReader = lost;
  if (!isFirst) return;
  process.stdout.on('error', (error) => {
    if (isBrokenPipe(error)) lostReader?.();
  });
  process.stderr.on('error', () => {});
}

/** Whether a reader has gone away. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** What a person wants to know of a command that goes on for long, such as where it listens: one line. */
export function announce(text: string): void {
  process.stderr.write(`${messageLine('info', sanitize(text))}\n`);
}

/** What somebody wants to know who prefers protobuf. */
export function announceText(): void {
  announce('protobuf is not offered: metrics are text, or OpenMetrics for a scraper that asks for it');
}

/** Errors go to standard error, one line each, with the next step. */
export function complain(error: unknown): void {
  if (error instanceof AggregateError) {
    error.errors.forEach(complain);
    return;
  }
  const line = sanitize(problemText(error), (c) => (c === '\n' ? ' ' : '\u{fffd}'));
  process.stderr.write(`${messageLine('error', line)}\n`);
}

/** Shows on a terminal what a long step is doing, in one line that is replaced; in a pipe it shows nothing. */
export class Progress implements Disposable {
  readonly #shown = process.stderr.isTTY;
  #current = '';

  show(text: string): void {
    if (!this.#shown || text === this.#current) return;
    this.#current = text;
    const width = process.stderr.columns || 80;
    process.stderr.write(`\r\u{1b}[K${sanitize(text).slice(0, width - 1)}`);
  }

  clear(): void {
    if (this.#current !== '') process.stderr.write('\r\u{1b}[K');
    this.#current = '';
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
