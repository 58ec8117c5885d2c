import { every } from '@ubmsc/base';
import type { BatterySource } from '@ubmsc/session';
import { MINUTE } from './steps.ts';
import { HistoryWriter, type HistoryCounters, type HistoryWriterOptions } from './writer.ts';

/** A history that is written, until it is disposed of. */
export interface RunningHistory extends AsyncDisposable {
  readonly folder: string;
  /** What is wrong, for people; undefined while all is well. */
  readonly problem: string | undefined;
  readonly counters: HistoryCounters;
  /** Writes what has gathered. */
  flush(): Promise<void>;
}

/**
 * Writes the history of the batteries of a source.
 * @throws {UsageError} another process writes there.
 * @throws {HistoryError} the folder cannot be read or written.
 */
export async function startHistory(
  source: BatterySource,
  options: HistoryWriterOptions,
): Promise<RunningHistory> {
  const writer = await HistoryWriter.open(options);
  const observing = source.observe((event) => writer.add(event, source.now()));
  const closing = new AbortController();
  const writing = every(MINUTE, closing.signal, async () => await writer.flush());
  return {
    folder: options.folder,
    get problem() {
      return writer.problem;
    },
    get counters() {
      return writer.counters;
    },
    flush: async () => await writer.flush(),
    [Symbol.asyncDispose]: async () => {
      observing[Symbol.dispose]();
      closing.abort();
      await writing;
      await writer[Symbol.asyncDispose]();
    },
  };
}
