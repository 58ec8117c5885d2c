import { afterEach, expect, test } from 'vitest';
import { addStep, emptyAccount, totalsOf, type Account } from './account.ts';

const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** 1 J each second from one time to another. */
function metered(from: number, to: number, start: Account = emptyAccount): Account {
  const second = { energyIn: 1, energyOut: 0, chargeIn: 0, chargeOut: 0 };
  let account = start;
  for (let time = from; time < to; time += 60_000)
    account = addStep(
      account,
      { sums: { ...second, energyIn: 60 }, bridged: 0, unmetered: 0 },
      time + 30_000,
    );
  return account;
}

test.each([
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
  ['Asia/Kathmandu', '2026-10-25', 24],
  ['America/St_Johns', '2026-11-01', 25],
])('in %s the day %s has %d hours', (name, day, hours) => {
  process.env['TZ'] = name;
  const noon = Date.parse(`${day}T12:00:00Z`);
  const account = metered(noon - 36 * 3_600_000, noon + 36 * 3_600_000);
  expect(account.days[day]?.energyIn).toBe(hours * 3600);
});

test('a month is the sum of its days, and the total that of its months', () => {
  process.env['TZ'] = 'America/Caracas';
  const start = Date.UTC(2026, 9, 20);
  const account = metered(start, start + 20 * 86_400_000);
  const of = (sums: Account['days'], prefix = ''): number =>
    Object.entries(sums).reduce(
      (sum, [key, { energyIn }]) => sum + (key.startsWith(prefix) ? energyIn : 0),
      0,
    );
  expect(account.months['2026-10']?.energyIn).toBe(of(account.days, '2026-10'));
  expect(of(account.months)).toBe(account.total.energyIn);
  expect(account.total.energyIn).toBe(20 * 86_400);
});

test('what is added before the clock is set belongs to the day on which it is', () => {
  process.env['TZ'] = 'UTC';
  const unset = metered(0, 600_000);
  expect(unset.days).toEqual({});
  expect(unset.total.energyIn).toBe(600);
  const now = Date.UTC(2026, 10, 29, 8);
  const set = metered(now, now + 60_000, unset);
  expect(set.days).toEqual({ '2026-11-29': expect.objectContaining({ energyIn: 660 }) });
  expect(set.undated.energyIn).toBe(0);
});

test('a clock that steps back changes the day, not the total', () => {
  process.env['TZ'] = 'UTC';
  const now = Date.UTC(2026, 10, 29, 0, 5);
  const account = metered(now - 600_000, now - 300_000, metered(now, now + 300_000));
  expect(account.total.energyIn).toBe(600);
  expect(account.days['2026-11-28']?.energyIn).toBe(300);
});

test('a battery that did nothing today has 0 for today', () => {
  process.env['TZ'] = 'UTC';
  const yesterday = Date.UTC(2026, 10, 28, 12);
  const account = metered(yesterday, yesterday + 3_600_000);
  const totals = totalsOf(account, yesterday + 86_400_000);
  expect(totals).toMatchObject({ energyCharged: 0.001, energyChargedToday: 0, energyChargedMonth: 0.001 });
});

test('the days of more than a month are dropped, their energy is not', () => {
  process.env['TZ'] = 'UTC';
  const account = metered(Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 1));
  expect(Object.keys(account.days)).toHaveLength(35);
  expect(Object.keys(account.months)).toEqual(['2026-01', '2026-02']);
  expect(account.total.energyIn).toBe(59 * 86_400);
});
