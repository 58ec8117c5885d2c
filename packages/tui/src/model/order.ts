import { verdictOf } from './verdict.ts';
import type { WatchedStatus } from './watch.ts';

/** What the list can be sorted by. */
export const orders = ['worst', 'name', 'charge', 'spread', 'current'] as const;

export type OrderName = (typeof orders)[number];

/** Batteries with larger keys come first. */
const keys: Readonly<Record<OrderName, (status: WatchedStatus, now: number) => number>> = {
  worst: (status, now) => verdictOf(status, now).rank,
  name: () => 0,
  charge: ({ reading }) => -(reading?.remainPercent ?? Infinity),
  spread: ({ reading }) => reading?.deltaCellVoltage ?? -Infinity,
  current: ({ reading }) => absolute(reading?.batteryCurrent ?? null),
};

function absolute(value: number | null): number {
  return value === null ? -Infinity : Math.abs(value);
}

/** Made when two names are compared for the first time: it takes longer than the first frame. */
let byName: Intl.Collator | undefined;

/** Compares names with numbers in them: 2 comes before 10. */
function compareNames(one: string, other: string): number {
  byName ??= new Intl.Collator('en', { numeric: true });
  return byName.compare(one, other);
}

/** The batteries in an order; those that are alike in it, by name. */
export function inOrder<Status extends WatchedStatus>(
  statuses: readonly Status[],
  order: OrderName,
  now: number,
): readonly Status[] {
  const key = keys[order];
  return statuses
    .map((status) => ({ status, key: key(status, now) }))
    .toSorted((one, other) =>
      one.key === other.key ? compareNames(one.status.device, other.status.device) : other.key - one.key,
    )
    .map(({ status }) => status);
}
