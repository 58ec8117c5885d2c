import { DAY, MINUTE, type Span, type SpanOf } from './steps.ts';

/** The day of a time in a zone, such as `2026-11-29`. */
export type DayOf = (time: number) => string;

/**
 * Days of a zone by their names; of that of the process (`TZ`) when it is left out.
 * @throws RangeError there is no such zone.
 */
export function dayIn(zone?: string): DayOf {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (time) => format.format(time);
}

/** Weeks of a zone by the names of their Mondays. */
export function weekIn(zone?: string): DayOf {
  const dayOf = dayIn(zone);
  return (time) => {
    const date = new Date(dayOf(time));
    // From Monday, 0, to Sunday, 6.
    date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
    return date.toISOString().slice(0, 10);
  };
}

/**
 * The days of a zone: from the first minute of a date to the first one of another. They have 23 or 25 hours, or others,
 * where clocks are changed; a midnight may be missing.
 */
export function daysIn(zone?: string): SpanOf {
  return spansNamed(dayIn(zone), 2 * DAY);
}

/** The weeks of a zone, from Monday to Sunday. */
export function weeksIn(zone?: string): SpanOf {
  return spansNamed(weekIn(zone), 9 * DAY);
}

/** Spans of time that have a name each and are shorter than `most` milliseconds. */
function spansNamed(nameOf: DayOf, most: number): SpanOf {
  return (time): Span => {
    const name = nameOf(time);
    const isOutside = (at: number): boolean => nameOf(at) !== name;
    return {
      start: firstMinute(time - most, time, (at) => !isOutside(at)),
      end: firstMinute(time, time + most, isOutside),
    };
  };
}

/** The first whole minute after `from` at which something holds that holds at `to`, and does not at `from`. */
function firstMinute(from: number, to: number, holds: (time: number) => boolean): number {
  let low = Math.floor(from / MINUTE);
  let high = Math.ceil(to / MINUTE);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * MINUTE)) high = middle;
    else low = middle;
  }
  return high * MINUTE;
}
