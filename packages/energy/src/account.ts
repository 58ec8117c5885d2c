import type { EnergyTotals } from '@ubmsc/session';
import { isClockSet, localDay, localMonth } from './calendar.ts';
import type { Step } from './meter.ts';
import { addSums, noSums, type Sums } from './sums.ts';

/** What was added up of one battery. Days and months are local ones, by `localDay` and `localMonth`. */
export interface Account {
  /** What the battery was called last. */
  readonly name: string;
  /** Since metering began. */
  readonly total: Sums;
  /** Seconds between readings that were further apart than usual, in the sums all the same. */
  readonly bridged: number;
  /** Seconds between readings that were too far apart, in no sum. */
  readonly unmetered: number;
  /** Added up while the wall clock was not set: part of the total, and of the day on which the clock is set. */
  readonly undated: Sums;
  /** The latest days. */
  readonly days: Readonly<Record<string, Sums>>;
  readonly months: Readonly<Record<string, Sums>>;
}

/** An account in which nothing was added up yet. */
export const emptyAccount: Account = {
  name: '',
  total: noSums,
  bridged: 0,
  unmetered: 0,
  undated: noSums,
  days: {},
  months: {},
};

/** So many days are kept: more of them stand in the history. */
const DAYS = 35;

/** An account with one step more, which ended at this time of the wall clock. */
export function addStep(account: Account, step: Step, time: number): Account {
  const { sums, bridged, unmetered } = step;
  const longer = { ...account, bridged: account.bridged + bridged, unmetered: account.unmetered + unmetered };
  if (!sums) return longer;
  const total = addSums(account.total, sums);
  const undated = addSums(account.undated, sums);
  if (!isClockSet(time)) return { ...longer, total, undated };
  return {
    ...longer,
    total,
    undated: noSums,
    days: latest(added(account.days, localDay(time), undated)),
    months: added(account.months, localMonth(time), undated),
  };
}

function added(
  sums: Readonly<Record<string, Sums>>,
  key: string,
  more: Sums,
): Readonly<Record<string, Sums>> {
  return { ...sums, [key]: addSums(sums[key] ?? noSums, more) };
}

function latest(days: Readonly<Record<string, Sums>>): Readonly<Record<string, Sums>> {
  const keys = Object.keys(days);
  if (keys.length <= DAYS) return days;
  const kept = keys.toSorted().slice(-DAYS);
  return Object.fromEntries(kept.map((key) => [key, days[key] ?? noSums]));
}

/** What an account says at a time of the wall clock, in the units of the vocabulary. */
export function totalsOf(account: Account, time: number): EnergyTotals {
  const { total, bridged, unmetered } = account;
  const today = account.days[localDay(time)] ?? noSums;
  const month = account.months[localMonth(time)] ?? noSums;
  return {
    energyCharged: kilowattHours(total.energyIn),
    energyDischarged: kilowattHours(total.energyOut),
    chargedCapacity: ampereHours(total.chargeIn),
    dischargedCapacity: ampereHours(total.chargeOut),
    energyChargedToday: kilowattHours(today.energyIn),
    energyDischargedToday: kilowattHours(today.energyOut),
    energyChargedMonth: kilowattHours(month.energyIn),
    energyDischargedMonth: kilowattHours(month.energyOut),
    bridgedTime: Math.round(bridged),
    unmeteredTime: Math.round(unmetered),
  };
}

/** To a hundredth of a watt-hour. */
export function kilowattHours(joules: number): number {
  return Math.round(joules / 36) / 100_000;
}

/** To a thousandth. */
export function ampereHours(coulombs: number): number {
  return Math.round(coulombs / 3.6) / 1000;
}
