import type { LogLevel } from '@ubmsc/base';
import { isJournal, withPriority } from './journal-lines.ts';

/** How lines on standard error are written: for people, or one object of JSON each. */
export const logFormats = ['text', 'json'] as const;

export type LogFormat = (typeof logFormats)[number];

/** One line of the log, or for people. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly target: string;
  readonly text: string;
}

let format: LogFormat = 'text';

/** Sets the format for the process, which has one standard error. */
export function useLogFormat(wanted: LogFormat): void {
  format = wanted;
}

/** An entry of the log without its end of line: as text with its level, and with its time on a terminal. */
export function logLine(
  { level, target, text }: LogEntry,
  now = new Date(),
  isTerminal = process.stderr.isTTY,
): string {
  if (format === 'json') return jsonLine({ level, target, text }, now);
  const line = `${target}: ${text}`;
  if (isJournal()) return withPriority(level, line);
  const time = isTerminal ? `${now.toTimeString().slice(0, 8)} ` : '';
  return `${time}${level.toUpperCase().padEnd(5)} ${line}`;
}

/** A line for people, such as where the command listens, without its end of line. */
export function messageLine(level: LogLevel, text: string): string {
  if (format === 'json') return jsonLine({ level, target: 'ubmsc', text }, new Date());
  return isJournal() ? withPriority(level, text) : `ubmsc: ${text}`;
}

function jsonLine({ level, target, text }: LogEntry, now: Date): string {
  const line = JSON.stringify({ time: now.toISOString(), level, target, message: text });
  return isJournal() ? withPriority(level, line) : line;
}
