import type { LogLevel } from '@ubmsc/base';

/** Where log lines go. */
export interface LogSink extends Disposable {
  write(level: LogLevel, line: string): void;
}
