import { type AlarmName, alarms, type AlarmSeverity } from '@ubmsc/protocol';
import type { LoggedEvent } from './event-log.ts';

/** An alarm or notice of a battery, with all the times that it came and went shortly after each other. */
export interface AlarmEntry {
  /** Tells it from others; a new one after a long pause has another. */
  readonly key: string;
  readonly device: string;
  readonly name: AlarmName;
  readonly severity: AlarmSeverity;
  /** What it was when it began the last time, in a sentence and in few words. */
  readonly text: string;
  readonly words: string;
  /** When it first began, when it last began, and when it last ended, by the source's clock; undefined while it lasts. */
  readonly since: number;
  readonly latest: number;
  readonly until: number | undefined;
  /** When the latest reading came, where the battery is not live: whether an alarm lasts since then is not known. */
  readonly silentSince: number | undefined;
  /** How many times it began. */
  readonly times: number;
}

/** An alarm that comes back within this time is the same one, in milliseconds. */
const SAME = 5 * 60_000;

/** Whether an alarm is known to last. */
export function isActive({ until, silentSince }: AlarmEntry): boolean {
  return until === undefined && silentSince === undefined;
}

/**
 * The alarms among events, the oldest first, as a list: active ones first, then those of which it is not known, then the
 * latest ones. `silentSince` tells of a battery that is not live when its latest reading came.
 */
export function alarmList(
  events: readonly LoggedEvent[],
  silentSince: (device: string) => number | undefined,
): readonly AlarmEntry[] {
  const open = new Map<string, AlarmEntry>();
  const closed: AlarmEntry[] = [];
  for (const { alarm, device, at, text } of events) {
    if (!alarm || device === undefined) continue;
    const { name, words } = alarm;
    const id = JSON.stringify([device, name]);
    const before = open.get(id);
    if (words === undefined) {
      if (before?.until === undefined && before) open.set(id, { ...before, until: at });
      continue;
    }
    if (before && before.until === undefined) continue;
    if (before && at - (before.until ?? at) <= SAME) {
      open.set(id, { ...before, latest: at, until: undefined, times: before.times + 1, text, words });
      continue;
    }
    if (before) closed.push(before);
    const { severity } = alarms[name];
    const key = `${id} ${at}`;
    open.set(id, {
      key,
      device,
      name,
      severity,
      text,
      words,
      since: at,
      latest: at,
      until: undefined,
      silentSince: undefined,
      times: 1,
    });
  }
  const lasting = [...open.values()].map((entry) =>
    entry.until === undefined ? { ...entry, silentSince: silentSince(entry.device) } : entry,
  );
  return [...lasting, ...closed].toSorted(
    (one, other) =>
      Number(one.until !== undefined) - Number(other.until !== undefined) ||
      Number(!isActive(one)) - Number(!isActive(other)) ||
      (one.until === undefined ? one.severity.localeCompare(other.severity) : 0) ||
      other.latest - one.latest,
  );
}
