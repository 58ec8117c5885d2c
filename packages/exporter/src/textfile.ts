import { rm } from 'node:fs/promises';
import { every, fileReason, replaceFile, UsageError } from '@ubmsc/base';
import type { Log } from './log.ts';

/**
 * Writes a page for the textfile collector of node_exporter, which reads it at any moment: the old page is there until
 * the new one is whole.
 * @throws {UsageError} it cannot be written; what was there is as it was.
 */
export async function writeTextfile(file: string, page: string | Buffer): Promise<void> {
  try {
    if (file === '-') throw new Error('metrics are printed by --format metrics');
    // The collector has another user. It takes no name for a page that does not end in .prom.
    await replaceFile(file, page, { mode: 0o644 });
  } catch (error) {
    throw new UsageError(
      `cannot write ${file}: ${fileReason(error)}`,
      'give a file in a folder that exists and that ubmsc may write to',
      { cause: error },
    );
  }
}

/** Which file is written, and how often. */
export interface TextfileOptions {
  readonly file: string;
  /** Makes the page. */
  readonly page: () => string | Buffer;
  /** How often it is written, in milliseconds. */
  readonly interval: number;
  readonly log: Log;
}

/**
 * Writes a page again and again until it is disposed of. Then, and while it cannot be written, which is logged once, the
 * file is removed: nobody would see that it is old.
 * @throws {UsageError} it cannot be written now.
 */
export async function keepTextfile({ file, page, interval, log }: TextfileOptions): Promise<AsyncDisposable> {
  await writeTextfile(file, page());
  const stopping = new AbortController();
  let failed = false;
  const remove = async (): Promise<void> => await rm(file, { force: true }).catch(() => {});
  const running = every(interval, stopping.signal, async () => {
    try {
      await writeTextfile(file, page());
      failed = false;
    } catch (error) {
      if (!failed) log('error', error instanceof Error ? error.message : String(error));
      failed = true;
      await remove();
    }
  });
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
      await remove();
    },
  };
}
