import type { Case, Observed, Session, Verdict } from './observed.ts';

/**
 * A record whose time is this much longer than its counter tells may be the head of one and the tail of a later one:
 * then it is twice as long.
 */
const LONG = 1.6;

/** Two records that are this much closer than their counters tell have one between them that never came. */
const SHORT = 0.75;

/** A device that is busy may leave out this many periods; a clock that moves further was not read, but made up. */
const BUSY = 5;

/** A pause of this share of a period within a record is time enough to lose the rest of it. */
const PAUSE = 0.4;

/** Records from one to the other, by their counters; at least 1. */
const recordsBetween = ({ fields: from }: Observed, { fields: to }: Observed): number =>
  Math.max(1, (to.frameCounter - from.frameCounter) & 0xff);

const elapsed = (from: Observed, to: Observed): number => to.arrival.time - from.arrival.time;

/** Seconds by the clock of tenths, where both records have one. */
const ticksBetween = ({ fields: from }: Observed, { fields: to }: Observed): number | undefined =>
  from.sysRunTicks > 0 && to.sysRunTicks > 0 ? to.sysRunTicks - from.sysRunTicks : undefined;

const secondsOf = ({ fields }: Observed): number => fields.totalRuntime ?? fields.runtimeSincePowerOn ?? 0;

/** Whether a clock goes back from one record to the other. */
const goesBack = (from: Observed, to: Observed): boolean =>
  (ticksBetween(from, to) ?? 0) < 0 || secondsOf(to) < secondsOf(from);

/** Whether all clocks move from one record to the other by at most this many periods for each record, and not back. */
function moves(from: Observed, to: Observed, { period, step }: Session, most: number): boolean {
  const records = recordsBetween(from, to);
  return (
    !goesBack(from, to) &&
    (ticksBetween(from, to) ?? 0) <= most * step * records &&
    secondsOf(to) - secondsOf(from) <= BUSY * step * records + 1 &&
    elapsed(from, to) <= most * period * records
  );
}

/** Whether the clock, or the time within the record, does not keep pace with the counter. */
export function losesPace(record: Observed, before: Observed | undefined, session: Session): boolean {
  if (record.arrival.pauses.some(({ length }) => length >= PAUSE * session.period)) return true;
  return before !== undefined && !moves(before, record, session, LONG);
}

/**
 * The next record follows a sound one by one. After a head and a tail that do not belong together, one is left out; after
 * old or shifted content, the clock goes on as if that had not been.
 */
export function judgePace({ before, record, next }: Case, session: Session): Verdict {
  if (before && goesBack(before, record) && !goesBack(before, next)) return 'refuted';
  const records = recordsBetween(record, next);
  const isNext = records === 1 || elapsed(record, next) >= SHORT * session.period * records;
  if (isNext && moves(record, next, session, BUSY)) return 'confirmed';
  if (!before) return 'refuted';
  return moves(before, next, session, LONG) ? 'refuted' : 'open';
}

/** The weight of one more record in what is usual. */
const WEIGHT = 1 / 8;

/** Learns what is usual from two records that were accepted one after the other. */
export function learnPace(from: Observed, to: Observed, session: Session): void {
  const records = recordsBetween(from, to);
  const ticks = ticksBetween(from, to);
  session.period += WEIGHT * (elapsed(from, to) / records - session.period);
  if (ticks !== undefined && ticks >= 0) session.step += WEIGHT * (ticks / records - session.step);
}
