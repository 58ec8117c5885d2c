import { expect, test } from 'vitest';
import { dayIn, daysIn, weekIn, weeksIn } from './days.ts';
import { HOUR } from './steps.ts';

test.each([
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['Europe/Berlin', '2026-07-01', 24],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
  ['Asia/Kathmandu', '2026-10-25', 24],
  ['America/St_Johns', '2026-11-01', 25],
  ['Pacific/Kiritimati', '2026-01-01', 24],
  ['UTC', '2024-02-29', 24],
  // The clocks go forward at midnight: the day begins at one.
  ['Africa/Cairo', '2026-04-24', 23],
  ['Asia/Beirut', '2026-03-29', 23],
])('in %s the day %s has %d hours', (zone, day, hours) => {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const dayOf = dayIn(zone);
  const { start, end } = daysIn(zone)(
    [noon - 12 * HOUR, noon, noon + 11 * HOUR].find((time) => dayOf(time) === day) ?? 0,
  );
  expect(dayOf(start)).toBe(day);
  expect(dayOf(start - 1)).not.toBe(day);
  expect(dayOf(end - 1)).toBe(day);
  expect(dayOf(end)).not.toBe(day);
  expect((end - start) / HOUR).toBe(hours);
});

test('weeks are from Monday to Sunday, with an hour more or less where clocks are changed', () => {
  // Clocks in Berlin go back on Sunday, 2026-10-25.
  const sunday = Date.UTC(2026, 9, 25, 12);
  const { start, end } = weeksIn('Europe/Berlin')(sunday);
  expect(weekIn('Europe/Berlin')(sunday)).toBe('2026-10-19');
  expect(new Date(start).toISOString()).toBe('2026-10-18T22:00:00.000Z');
  expect((end - start) / 3_600_000).toBe(7 * 24 + 1);
});
