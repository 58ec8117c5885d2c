import type { LogEntry } from '@ubmsc/session';
import { originOf, type DeviceResult, type Entry } from '../../formats/index.ts';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { print } from '../../output.ts';
import { localTime, utcTime } from '../../times.ts';
import { askEach, type Origin } from '../../batteries/ask-each.ts';
import { documentFormat } from '../../formats/document-format.ts';

export interface EventsCommandOptions extends BatteriesOptions {
  /** Leave out what happened before, in milliseconds since 1970-01-01 UTC. */
  readonly since?: number | undefined;
}

/**
 * Prints what the devices asked for, or all that are found, have written down, newest last: in local time for people,
 * in UTC elsewhere. Events whose times are not known are never left out. Returns the exit code: that of the first
 * failure.
 */
export async function events(options: EventsCommandOptions, signal: AbortSignal): Promise<number> {
  const format = documentFormat('events', options.format);
  const { since = -Infinity } = options;
  const { answers, exitCode } = await askEach(options, signal, async (battery, origin) => {
    const entries = await battery.logbook(signal);
    return { origin, entries: entries.filter(({ time }) => time === null || time >= since) };
  });
  if (answers.length === 0) return exitCode;
  if (format.printDocument) {
    const rows = answers.flatMap(({ origin, entries }) => entries.map((entry) => row(origin, entry)));
    await print(await format.printDocument({ events: rows }));
  } else {
    const devices = answers.map(({ origin, entries }): DeviceResult => ({
      ...origin,
      records: { logbook: [table(entries)] },
    }));
    await print(await format.render({ devices }, { groups: ['logbook'] }));
  }
  return exitCode;
}

function row(
  origin: Origin,
  { code, text, timestamp, time }: LogEntry,
): Readonly<Record<string, string | number | boolean | null>> {
  return { ...originOf(origin), time: time === null ? null : utcTime(time), run_time: timestamp, code, text };
}

function table(entries: readonly LogEntry[]): Entry {
  const rows = entries.map(({ code, text, time }) => ({
    time: time === null ? null : localTime(time),
    event: text,
    code,
  }));
  const value = rows.length > 0 ? rows : 'none';
  return { key: 'events', label: 'Events', value, columns: { time: { absent: '?' } } };
}
