import { parseDuration } from '@ubmsc/base';
import { InvalidArgumentError } from 'commander';

/** `2025-03-04T05:06:07Z`: a moment, in milliseconds since 1970-01-01 UTC, to the second. */
export function utcTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** `2025-03-04T06:06:07+01:00`: the same by the clock on the wall, with its distance from UTC. */
export function localTime(time: number): string {
  const minutes = -new Date(time).getTimezoneOffset();
  const wall = new Date(time + minutes * 60_000).toISOString().slice(0, -'.000Z'.length);
  const two = (number: number): string => String(Math.trunc(Math.abs(number))).padStart(2, '0');
  return `${wall}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/**
 * The moment, in milliseconds since 1970-01-01 UTC, that `2d` (this time before `now`) or an ISO date means; without
 * an offset it is local time. Throws an InvalidArgumentError for other texts.
 */
export function parseMoment(text: string, now: number): number {
  const before = parseDuration(text);
  if (before !== undefined) return now - before * 1000;
  const [, date, clock = 'T00:00'] = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d.*)?$/.exec(text) ?? [];
  const moment = Date.parse(`${date}${clock.replace(' ', 'T')}`);
  if (date !== undefined && isInCalendar(date) && Number.isFinite(moment)) return moment;
  throw new InvalidArgumentError(
    'It is neither a time such as 2025-03-04 or 2025-03-04T05:06 nor a duration such as 12h or 2d.',
  );
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isInCalendar(date: string): boolean {
  const midnight = new Date(`${date}T00:00Z`);
  return Number.isFinite(midnight.getTime()) && midnight.toISOString().startsWith(date);
}
