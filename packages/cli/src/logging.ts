import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { logChannelName, sanitize, type LogMessage } from '@ubmsc/base';
import { isJournal, withPriority } from './journal-lines.ts';
import { connectJournal } from './journal.ts';
import { parseLogFilter } from './log-filter.ts';
import type { LogSink } from './log-sink.ts';

export interface LoggingOptions {
  readonly filter: string;
  readonly journal: boolean;
  /** Where lines go without journald; standard error when left out. */
  readonly sink?: LogSink;
}

const standardError: LogSink = {
  write: (level, line) =>
    process.stderr.write(
      isJournal() ? `${withPriority(level, line)}\n` : `${level.toUpperCase().padEnd(5)} ${line}\n`,
    ),
  [Symbol.dispose]: () => {},
};

/**
 * Writes what the filter lets through to journald, or to the sink, until it is disposed of. Where there is no
 * journald, it says so and takes the sink.
 */
export async function startLogging({
  filter,
  journal,
  sink: own = standardError,
}: LoggingOptions): Promise<Disposable> {
  const admits = parseLogFilter(filter);
  let sink = own;
  if (journal) {
    const found = await connectJournal();
    if (found) sink = found;
    else sink.write('warn', 'ubmsc: journald is not running here');
  }
  const onMessage = (message: unknown): void => {
    if (isLogMessage(message) && admits(message)) {
      sink.write(message.level, sanitize(`${message.target}: ${message.text}`));
    }
  };
  subscribe(logChannelName, onMessage);
  return {
    [Symbol.dispose]() {
      unsubscribe(logChannelName, onMessage);
      sink[Symbol.dispose]();
    },
  };
}

function isLogMessage(message: unknown): message is LogMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'level' in message &&
    'target' in message &&
    'text' in message
  );
}
