import * as v from 'valibot';
import type { Account } from './account.ts';
import type { Sums } from './sums.ts';

/** Sums as a list, which keeps the file small: J in, J out, C in, C out. */
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const sums = v.pipe(
  v.tuple([amount, amount, amount, amount]),
  v.transform(([energyIn, energyOut, chargeIn, chargeOut]): Sums => ({
    energyIn,
    energyOut,
    chargeIn,
    chargeOut,
  })),
);

const accounts = v.record(
  v.string(),
  v.object({
    name: v.string(),
    total: sums,
    bridged: amount,
    unmetered: amount,
    undated: sums,
    days: v.record(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/)), sums),
    months: v.record(v.pipe(v.string(), v.regex(/^\d{4}-\d\d$/)), sums),
  }),
);

/** Accounts by the key of their battery. */
export type Accounts = ReadonlyMap<string, Account>;

export function accountsText(all: Accounts): string {
  const entries = [...all].map(([key, account]) => [
    key,
    {
      ...account,
      total: listOf(account.total),
      undated: listOf(account.undated),
      days: listsOf(account.days),
      months: listsOf(account.months),
    },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Reads what {@link accountsText} has written; undefined when it is something else. */
export function parseAccounts(text: string): Accounts | undefined {
  try {
    const parsed = v.safeParse(accounts, JSON.parse(text));
    return parsed.success ? new Map(Object.entries(parsed.output)) : undefined;
  } catch {
    return undefined;
  }
}

function listsOf(all: Readonly<Record<string, Sums>>): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(Object.entries(all).map(([key, each]) => [key, listOf(each)]));
}

/** To the thousandth of a unit. */
function listOf({ energyIn, energyOut, chargeIn, chargeOut }: Sums): readonly number[] {
  return [energyIn, energyOut, chargeIn, chargeOut].map((value) => Math.round(value * 1000) / 1000);
}
