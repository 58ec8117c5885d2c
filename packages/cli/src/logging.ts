import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { logChannelName, sanitize, type LogMessage } from '@ubmsc/base';
import { connectJournal } from './journal.ts';
import { parseLogFilter } from './log-filter.ts';
import { logLine, type LogEntry } from './log-format.ts';
import { LogLimit } from './log-limit.ts';
import type { LogSink } from './log-sink.ts';

export interface LoggingOptions {
  readonly filter: string;
  readonly journal: boolean;
  /** Where lines go without journald; standard error when left out. */
  readonly sink?: LogSink;
}

/**
 * Writes what the filter lets through to journald, or to the sink, until it is disposed of. Where there is no
 * journald, it says so and takes the sink.
 */
export async function startLogging({ filter, journal, sink: own }: LoggingOptions): Promise<Disposable> {
  const admits = parseLogFilter(filter);
  const limit = new LogLimit();
  let sink = own;
  const write = (entry: LogEntry): void => {
    if (sink) sink.write(entry.level, `${entry.target}: ${entry.text}`);
    else process.stderr.write(`${logLine(entry)}\n`);
  };
  if (journal) {
    const found = await connectJournal();
    if (found) sink = found;
    else write({ level: 'warn', target: 'ubmsc', text: 'journald is not running here' });
  }
  const onMessage = (message: unknown): void => {
    if (!isLogMessage(message) || !admits(message)) return;
    const entry = limit.take({ ...message, text: sanitize(message.text) }, performance.now());
    if (entry) write(entry);
  };
  subscribe(logChannelName, onMessage);
  return {
    [Symbol.dispose]() {
      unsubscribe(logChannelName, onMessage);
      sink?.[Symbol.dispose]();
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
