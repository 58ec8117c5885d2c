import { fstatSync } from 'node:fs';
import type { LogLevel } from '@ubmsc/base';

/** Priorities of syslog(3), by which journald sorts and filters. */
const priorities: Readonly<Record<LogLevel, number>> = { error: 3, warn: 4, info: 6, debug: 7, trace: 7 };

/** A line that begins with its priority, as journald and the service manager read it (sd-daemon(3)). */
export function withPriority(level: LogLevel, line: string): string {
  return `<${priorities[level]}>${line}`;
}

/**
 * Whether standard error goes to journald, which adds time and name to each line itself (systemd.exec(5),
 * JOURNAL_STREAM).
 */
export function isJournal(stream = process.env['JOURNAL_STREAM'], descriptor = 2): boolean {
  if (!stream) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false; // it is closed
  }
}
