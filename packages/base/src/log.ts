import { channel } from 'node:diagnostics_channel';

/** How much a message matters, from the most to the least. */
export const logLevels = ['error', 'warn', 'info', 'debug', 'trace'] as const;

/** How much a message matters, from `error` to `trace`. */
export type LogLevel = (typeof logLevels)[number];

/** What is published on the diagnostics channel `ubmsc:log`. Messages never hold bytes of a record: they have passcodes. */
export interface LogMessage {
  readonly level: LogLevel;
  /** Part of the program that speaks, such as `ubmsc::link`. */
  readonly target: string;
  readonly text: string;
}

/** Name of the channel: subscribe with `node:diagnostics_channel`. Without a subscriber, logging costs nothing. */
export const logChannelName = 'ubmsc:log';

const logChannel = channel(logChannelName);

/** Publishes a message. `text` is called only when somebody listens. */
export function log(level: LogLevel, target: string, text: () => string): void {
  if (!logChannel.hasSubscribers) return;
  const message: LogMessage = { level, target: `ubmsc::${target}`, text: text() };
  logChannel.publish(message);
}
